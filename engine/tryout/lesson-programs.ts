import path from "node:path";
import { describeError, SubmissionFailure } from "../grader/boot/submission-failure.ts";
import type { SubmissionError } from "../grader/report.ts";
import { findFreePort } from "../process/find-free-port.ts";
import { ProgramFailure, type StartedProgram, startProgram } from "../process/start-program.ts";
import { debuggerEnvironment } from "./exercise-programs.ts";
import type { TriedProgram } from "./tried-program.ts";

const START_DEADLINE_MS = 30_000;
const FIRST_PORT = 3000;

/** The programs of a lesson, started as one would deploy them: by PORT, REDIS_URL and SESSION_SECRET. */
export function lessonPrograms(options: {
  readonly folder: string;
  readonly programs: readonly { readonly name: string; readonly file: string }[];
}): readonly TriedProgram[] {
  const { folder } = options;
  return options.programs.map(({ name, file }, at) => ({
    name,
    port: FIRST_PORT + at,
    async launch({ redisUrl, onLine, onProcess }) {
      const program = startProgram({
        name,
        entry: path.join(folder, file),
        cwd: folder,
        environment: {
          // A number, and not 0: programs print the port that they were told.
          PORT: String(await findFreePort()),
          HOST: "127.0.0.1",
          REDIS_URL: redisUrl,
          SESSION_SECRET: "for trying by hand",
          ...debuggerEnvironment(),
        },
        onLine,
      });
      onProcess(program);
      try {
        const port = await program.listening(START_DEADLINE_MS);
        return { program, url: `http://127.0.0.1:${port}` };
      } catch (error) {
        await program.kill();
        if (!(error instanceof ProgramFailure)) throw error;
        throw new SubmissionFailure(describeEnd(name, program, folder, error.message));
      }
    },
    describeEnd: (program) => describeEnd(name, program, folder, `${name} ended.`),
  }));
}

function describeEnd(
  name: string,
  program: StartedProgram,
  folder: string,
  otherwise: string,
): SubmissionError {
  const crash = program.crash();
  if (crash !== undefined) return describeError(crash, folder);
  // A file that does not parse never reaches the program's own error handler.
  const stderr = program.output().stderr.trim();
  const error = /^(?:\w*Error)\b.*$/m.exec(stderr)?.[0];
  if (error === undefined) return { message: otherwise, file: undefined, line: undefined };
  return describeError({ message: error, stack: stderr }, folder);
}
