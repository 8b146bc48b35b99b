import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { atExit } from "./at-exit.ts";
import { type CollectedOutput, collectOutput } from "./collect-output.ts";
import { waitUntil, withDeadline } from "./deadline.ts";
import { guardProgram, startGuard } from "./guard-programs.ts";
import { killProcesses, MARKER } from "./host/find-processes.cjs";
import { programEnvironment } from "./program-environment.ts";
import { talkToHost } from "./talk-to-host.ts";

/** How to start a Node program in a process of its own, with everything below it gone at its end. */
export interface ProgramOptions {
  /** For messages: `main`, `profile`. */
  readonly name: string;
  /** Absolute path of the TypeScript or JavaScript file to run (under tsx, see `plain`). */
  readonly entry: string;
  /** What stands after the file in its `process.argv`. */
  readonly args?: readonly string[];
  readonly cwd: string;
  /** It is JavaScript, and runs without tsx: it starts in half the time. */
  readonly plain?: boolean;
  /** The whole environment of the program beside what any process needs (PATH, SystemRoot, TMPDIR…): nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds already travelled: its clock starts there. */
  readonly offsetMs?: number;
  /** Bytes of stdout and of stderr that are kept (the newest); default 64 KiB each. */
  readonly outputLimitBytes?: number;
  /** Called with each complete line the program prints. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** Messages that the program's own host code sends with process.send (the grader's host does). */
  readonly onMessage?: (message: unknown) => void;
}

export interface StartedProgram extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** Resolves with the port of the first server that the program has listening (any way it listens, also port 0).
   *  Rejects with ProgramFailure when it ends first, or after the deadline. */
  listening(deadlineMs: number): Promise<number>;
  /** Resolves when the process has ended, however it ended. */
  readonly ended: Promise<ProgramEnd>;
  /** What it printed so far, bounded. */
  output(): { stdout: string; stderr: string; truncated: boolean };
  /** Its Date (in its workers too) moves to real time plus `offsetMs`. Resolves once done; rejects after the deadline if its loop is stuck. */
  setOffset(offsetMs: number, deadlineMs: number): Promise<void>;
  /** Its Date stands still at this moment (milliseconds since 1970), until called with undefined. Resolves once done. */
  freeze(atMs: number | undefined, deadlineMs: number): Promise<void>;
  /**
   * Resolves with true after the program's event loop has gone round (a ping through its host), `laps` times, by default
   * once; false after the deadline or once ended.
   */
  turn(deadlineMs: number, laps?: number): Promise<boolean>;
  /** At its last turn: jobs under way in its thread pool (hashing, files, look-ups of names). It is not idle with any. */
  work(): number;
  /** The error that ended it, when it ended by an error that nothing caught. */
  crash(): ProgramCrash | undefined;
  /** For the program's own `process.on("message")`. Dropped when it has ended. */
  send(message: unknown): void;
  /** SIGKILL for it and everything that it started; resolves when they are gone. Safe to call twice. */
  kill(): Promise<void>;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** An error that nothing in the program caught. */
export interface ProgramCrash {
  readonly name?: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
}

/** A program that ended, or was not listening in time. Says which, with what it printed. */
export class ProgramFailure extends Error {
  readonly program: string;
  readonly reason: "ended" | "deadline" | "port-taken";
  readonly end: ProgramEnd | undefined;
  readonly stderr: string;
  /** With `port-taken`: the port that it asked for. */
  readonly port: number | undefined;

  constructor(
    message: string,
    details: {
      program: string;
      reason: "ended" | "deadline" | "port-taken";
      end?: ProgramEnd | undefined;
      stderr: string;
      port?: number | undefined;
    },
  ) {
    super(message);
    this.name = "ProgramFailure";
    this.program = details.program;
    this.reason = details.reason;
    this.end = details.end;
    this.stderr = details.stderr;
    this.port = details.port;
  }
}

const PRELOAD = fileURLToPath(new URL("./host/preload.cjs", import.meta.url));
const TSX = import.meta.resolve("tsx");
const OUTPUT_LIMIT_BYTES = 64 * 1024;
const KILL_DEADLINE_MS = 10_000;

/**
 * Starts the process and returns at once, without waiting for it to listen.
 * It ends with this process, however this one ends.
 */
export function startProgram(options: ProgramOptions): StartedProgram {
  const run = randomUUID();
  startGuard();
  const loader = options.plain === true ? [] : ["--import", TSX];
  const child = spawn(
    process.execPath,
    ["--require", PRELOAD, ...loader, options.entry, ...(options.args ?? [])],
    {
      cwd: options.cwd,
      env: {
        ...programEnvironment(options.environment),
        [MARKER]: run,
        WORKBOOK_HOST: JSON.stringify({ run, offsetMs: options.offsetMs ?? 0 }),
      },
      // A group of its own: Ctrl-C in the terminal is ours to answer, and the group can be killed whole.
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe", "pipe"],
    },
  );
  const limit = options.outputLimitBytes ?? OUTPUT_LIMIT_BYTES;
  const collect = (
    stream: Readable | null,
    name: "stdout" | "stderr",
  ): CollectedOutput | undefined =>
    stream === null
      ? undefined
      : collectOutput(stream, limit, options.onLine && ((line) => options.onLine?.(line, name)));
  const stdout = collect(child.stdout, "stdout");
  const stderr = collect(child.stderr, "stderr");
  child.on("message", (message) => options.onMessage?.(message));

  // Once all is gone the system may give the number to somebody else's process.
  let isGone = child.pid === undefined;
  const sweep = () => (isGone || child.pid === undefined ? 0 : killProcesses(child.pid, run));
  const forget = atExit({ endNow: sweep });
  const release = child.pid === undefined ? undefined : guardProgram(child.pid, run);
  const ended = watchEnd(child, sweep, () => stderr?.text() ?? "").finally(() => {
    isGone = true;
    forget();
    release?.();
  });
  const host = talkToHost({
    name: options.name,
    // Places 4 and 5 of stdio above: the types know only the first three.
    down: child.stdio.at(4) as Writable | null,
    up: child.stdio.at(5) as Readable | null | undefined,
    ended,
    stderr: () => stderr?.text() ?? "",
  });

  const kill = async () => {
    sweep();
    await withDeadline(ended, 2 * KILL_DEADLINE_MS, `The end of ${options.name}`);
  };
  return {
    name: options.name,
    pid: child.pid ?? 0,
    listening: host.listening,
    ended,
    output: () => ({
      stdout: stdout?.text() ?? "",
      stderr: stderr?.text() ?? "",
      truncated: (stdout?.truncated ?? false) || (stderr?.truncated ?? false),
    }),
    crash: host.crash,
    setOffset: host.setOffset,
    freeze: host.freeze,
    turn: host.turn,
    work: host.work,
    send: (message) => send(child, message),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

/** Waits for the end of the process; what it left behind is killed with it. */
async function watchEnd(
  child: ChildProcess,
  sweep: () => number,
  stderr: () => string,
): Promise<ProgramEnd> {
  let failure = "";
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once("exit", (...end) => resolve(end));
    child.once("error", (error) => {
      failure = error.message;
      // Without a process there will be no `exit`.
      if (child.pid === undefined) resolve([null, null]);
    });
  });
  // A process that it left behind may hold its output open.
  if (child.pid !== undefined) {
    await waitUntil(() => sweep() === 0, KILL_DEADLINE_MS);
    await withDeadline(closed, KILL_DEADLINE_MS, "The end of its output").catch(() => {});
  }
  return { code, signal, stderr: failure === "" ? stderr() : failure };
}

function send(child: ChildProcess, message: unknown): void {
  // The callback takes the error of a channel that closes at this moment: `ended` tells of the end.
  if (child.connected) child.send(message as object, () => {});
}
