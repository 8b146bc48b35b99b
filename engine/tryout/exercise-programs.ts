import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BootDoors } from "../grader/boot/boot-doors.ts";
import { describeError, SubmissionFailure } from "../grader/boot/submission-failure.ts";
import type { Exercise } from "../grader/exercise.ts";
import type { SubmissionError } from "../grader/report.ts";
import { deferred } from "../process/deferred.ts";
import { withDeadline } from "../process/deadline.ts";
import { type StartedProgram, startProgram } from "../process/start-program.ts";
import type { TriedProgram } from "./tried-program.ts";

const HOST = fileURLToPath(new URL("../grader/host/host.mjs", import.meta.url));
const ENDINGS = [".ts", ".mts", ".js", ".mjs"];
const START_DEADLINE_MS = 30_000;
const FIRST_PORT = 3000;
const SECRET = "for trying by hand";

/** A process started ahead: a restart then takes a third of the time. */
interface SpareHost {
  readonly program: StartedProgram;
  readonly waits: Promise<void>;
  onMessage: (message: Record<string, unknown>) => void;
  onLine: (line: string) => void;
}

/** The programs of the learner's app, with the doors of the exercise. */
export function exercisePrograms(options: {
  readonly repository: string;
  readonly exercise: Exercise;
  readonly folder: string;
  readonly settings: object;
}): AsyncDisposable & { readonly programs: readonly TriedProgram[] } {
  const { exercise, folder, repository, settings } = options;
  const doors = new BootDoors(exercise.doors({ settings, purpose: "try", now: () => Date.now() }));
  let spare: SpareHost | undefined;
  const takeHost = () => {
    const host = spare ?? startHost(repository);
    spare = startHost(repository);
    return host;
  };
  const programs = exercise.programs.map((name, at): TriedProgram => ({
    name,
    port: FIRST_PORT + at,
    async launch({ redisUrl, onLine, onProcess }) {
      const file = ENDINGS.map((ending) => path.join(folder, name + ending)).find(existsSync);
      if (file === undefined) {
        const where = path.relative(process.cwd(), folder);
        throw new SubmissionFailure({
          message: `There is no ${name}.ts in ${where}.`,
          file: undefined,
          line: undefined,
        });
      }
      const host = takeHost();
      const { program } = host;
      onProcess(program);
      const booted = deferred<number>();
      booted.promise.catch(() => {});
      host.onLine = onLine;
      host.onMessage = (said) => {
        if (said["did"] === "boot") booted.resolve(Number(said["port"]));
        if (said["did"] === "fail") {
          booted.reject(new SubmissionFailure(describeFailure(said["error"], folder)));
        }
        if (said["did"] === "door") void answerDoor(doors, program, name, said);
      };
      void program.ended.then(() => {
        booted.reject(new SubmissionFailure(describeEnd(name, program, folder)));
        return undefined;
      });
      try {
        await withDeadline(host.waits, START_DEADLINE_MS, "The start of a process");
        program.send({
          do: "boot",
          file,
          redisUrl,
          secret: SECRET,
          settings,
          doors: doors.names,
        });
        const port = await withDeadline(booted.promise, START_DEADLINE_MS, `createApp of ${name}`);
        return { program, url: `http://127.0.0.1:${port}` };
      } catch (error) {
        await program.kill();
        if (error instanceof SubmissionFailure) throw error;
        const message = error instanceof Error ? error.message : String(error);
        throw new SubmissionFailure({ message, file, line: undefined });
      }
    },
    describeEnd: (program) => describeEnd(name, program, folder),
  }));
  return {
    programs,
    // Those that were taken end with the tryout.
    [Symbol.asyncDispose]: async () => await spare?.program.kill(),
  };
}

function startHost(cwd: string): SpareHost {
  const waits = deferred<void>();
  const program = startProgram({
    name: "app",
    entry: HOST,
    cwd,
    environment: { NODE_ENV: "development", ...debuggerEnvironment() },
    onLine: (line) => host.onLine(line),
    onMessage: (message) => {
      waits.resolve();
      if (typeof message === "object" && message !== null) {
        host.onMessage(message as Record<string, unknown>);
      }
    },
  });
  void program.ended.then(() => waits.resolve());
  const host: SpareHost = { program, waits: waits.promise, onMessage: () => {}, onLine: () => {} };
  return host;
}

/** By these an editor that runs `npm start` under its debugger attaches to the learner's app. */
export function debuggerEnvironment(): Record<string, string> {
  const names = ["NODE_OPTIONS", "VSCODE_INSPECTOR_OPTIONS"];
  const isDebugged = (process.env["VSCODE_INSPECTOR_OPTIONS"] ?? "") !== "";
  if (!isDebugged) return {};
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}

async function answerDoor(
  doors: BootDoors,
  program: StartedProgram,
  name: string,
  { id, door, args }: Record<string, unknown>,
): Promise<void> {
  try {
    const list: readonly unknown[] = Array.isArray(args) ? args : [];
    program.send({ do: "door", id, result: await doors.call(String(door), name, list) });
  } catch (error) {
    program.send({ do: "door", id, error: error instanceof Error ? error.message : String(error) });
  }
}

function describeFailure(value: unknown, folder: string): SubmissionError {
  const said = typeof value === "object" && value !== null ? value : {};
  const text = (key: string) => {
    const found: unknown = Reflect.get(said, key);
    return typeof found === "string" ? found : undefined;
  };
  const [name, stack] = [text("name"), text("stack")];
  return describeError(
    {
      message: text("message") ?? "It failed without a message.",
      ...(name === undefined ? {} : { name }),
      ...(stack === undefined ? {} : { stack }),
    },
    folder,
  );
}

function describeEnd(name: string, program: StartedProgram, folder: string): SubmissionError {
  const crash = program.crash();
  if (crash !== undefined) return describeError(crash, folder);
  const last = program.output().stderr.trim().split("\n").at(-1) ?? "";
  const message = `${name} ended${last === "" ? " without an error (process.exit?)" : `: ${last}`}.`;
  return { message, file: undefined, line: undefined };
}
