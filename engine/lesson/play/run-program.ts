import path from "node:path";
import { startDeadline } from "../../process/deadline.ts";
import { startLessonProgram } from "./start-lesson-program.ts";

/** What a program printed that ran to its end. */
export interface FinishedRun {
  /** Of both streams, in the order in which they came. */
  readonly lines: readonly string[];
  readonly exitCode: number | null;
  /** It was ended after the deadline. */
  readonly wasEnded: boolean;
}

/** Runs a file of the lesson to its end. */
export async function runProgram(options: {
  folder: string;
  file: string;
  args?: readonly string[];
  environment: Readonly<Record<string, string>>;
  offsetMs: number;
  deadlineMs: number;
  readonly onFirstLine?: () => void;
}): Promise<FinishedRun> {
  const lines: string[] = [];
  await using program = await startLessonProgram({
    name: options.file,
    entry: path.join(options.folder, options.file),
    args: options.args ?? [],
    cwd: options.folder,
    environment: options.environment,
    offsetMs: options.offsetMs,
    onLine: (line) => {
      lines.push(line);
      if (lines.length === 1) options.onFirstLine?.();
    },
  });
  let wasEnded = false;
  const callOff = startDeadline(options.deadlineMs, () => {
    wasEnded = true;
    void program.kill();
  });
  const end = await program.ended;
  callOff();
  return { lines, exitCode: end.code, wasEnded };
}
