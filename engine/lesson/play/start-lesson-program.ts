import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { repository } from "../../catalog/repository.ts";
import { waitUntil } from "../../process/deadline.ts";
import {
  ProgramFailure,
  type ProgramOptions,
  startProgram,
  type StartedProgram,
} from "../../process/start-program.ts";
import { findPython } from "../../process/find-python.ts";

const RUNNER = fileURLToPath(new URL("./run-python.mjs", import.meta.url));
const PYTHON_DEADLINE_MS = 10_000;

/** Whether a file is run by Python. */
export function isPython(file: string): boolean {
  return file.endsWith(".py");
}

/** Starts a program of a lesson, by what its name ends in: Node with tsx, or Python. */
export async function startLessonProgram(options: ProgramOptions): Promise<StartedProgram> {
  if (!isPython(options.entry)) return startProgram(options);
  const { program: python = "python3" } = await findPython(
    repository,
    process.env,
    PYTHON_DEADLINE_MS,
  );
  const program = startProgram({
    ...options,
    entry: RUNNER,
    args: [python, options.entry, ...(options.args ?? [])],
    environment: {
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONIOENCODING: "utf-8",
      ...options.environment,
    },
    plain: true,
  });
  const port = Number(options.environment["PORT"]);
  return { ...program, listening: async (ms) => await untilListening(program, port, ms) };
}

/** Nothing tells when a Python program listens: it is asked again and again. */
async function untilListening(
  program: StartedProgram,
  port: number,
  deadlineMs: number,
): Promise<number> {
  const { name } = program;
  const end: { code?: number | null } = {};
  void program.ended.then(({ code }) => {
    end.code = code;
    return code;
  });
  await waitUntil(async () => end.code !== undefined || (await answers(port)), deadlineMs);
  const { stderr } = program.output();
  if (end.code !== undefined) {
    throw new ProgramFailure(`${name} ended (exit code ${end.code}) before it was listening.`, {
      program: name,
      reason: "ended",
      end: await program.ended,
      stderr,
    });
  }
  if (await answers(port)) return port;
  throw new ProgramFailure(`${name} was not listening within ${deadlineMs / 1000} s.`, {
    program: name,
    reason: "deadline",
    stderr,
  });
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
