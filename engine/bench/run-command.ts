import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { atExit } from "../process/at-exit.ts";
import { waitUntil, withDeadline } from "../process/deadline.ts";
import { deferred } from "../process/deferred.ts";
import { killProcesses, MARKER } from "../process/host/find-processes.cjs";
import type { Measured } from "./measure-in-turn.ts";
import { watchPeakMemory } from "./tree-memory.ts";

/** A command as a person would type it. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A command that runs, without a terminal. */
export interface RunningCommand extends AsyncDisposable {
  readonly pid: number;
  /** What it has printed so far, on both streams. */
  text(): string;
  /**
   * Waits until this is printed, and answers how long that took from the start of the command.
   * @param from where in the text to begin
   * @throws Error with what was printed instead, when it has ended, or after a deadline
   */
  see(what: RegExp, from?: number): Promise<number>;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

const DEADLINE_MS = 120_000;
const END_DEADLINE_MS = 10_000;
const IS_WINDOWS = process.platform === "win32";

/** Starts it. When this is disposed of before it has ended, it ends as by Ctrl-C. */
export function startCommand({ command, args, cwd, environment }: Command): RunningCommand {
  const began = performance.now();
  const run = randomUUID();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", INIT_CWD: cwd, ...environment, [MARKER]: run },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, which can be interrupted as a whole.
    detached: !IS_WINDOWS,
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: IS_WINDOWS,
  });
  const pid = child.pid ?? 0;
  let text = "";
  let isOver = false;
  let change = deferred<void>();
  const tell = () => {
    change.resolve();
    change = deferred();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      tell();
    });
  }
  const end = async () => {
    if (!isOver && !IS_WINDOWS) process.kill(-pid, "SIGINT");
    if (!IS_WINDOWS && (await waitUntil(() => isOver, END_DEADLINE_MS))) return;
    killProcesses(pid, run);
    await ended;
  };
  const forget = atExit({ endNow: () => void killProcesses(pid, run), end });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => {
    isOver = true;
    forget();
    tell();
  });
  // Whoever waits for it hears of it.
  ended.catch(() => {});
  const waitFor = async (what: RegExp, from: number) => {
    while (!what.test(text.slice(from))) {
      if (isOver) throw new Error(`It ended without printing ${what}`);
      await change.promise;
    }
    return performance.now() - began;
  };
  return {
    pid,
    text: () => text,
    async see(what, from = 0) {
      try {
        return await withDeadline(waitFor(what, from), DEADLINE_MS, `Printing ${what}`);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw failure(`${nameOf({ command, args })}: ${why}`, text, cause);
      }
    },
    ended,
    [Symbol.asyncDispose]: end,
  };
}

/**
 * Runs a command to its end, and takes the time until then.
 * @param options.until the time until this is printed
 * @throws Error when it ended without printing `until`, or with another exit code than 0
 */
export async function timeCommand(
  options: Command & { readonly until?: RegExp; readonly memory?: boolean },
): Promise<Measured & { readonly output: string }> {
  const began = performance.now();
  await using running = startCommand(options);
  const memory = options.memory === true ? watchPeakMemory(running.pid) : undefined;
  const seen = options.until === undefined ? undefined : running.see(options.until);
  // It is waited for below.
  seen?.catch(() => {});
  const exitCode = await running.ended;
  const endedAfterMs = performance.now() - began;
  const peakMiB = await memory?.stop();
  if (exitCode !== 0) {
    throw failure(`${nameOf(options)} ended with exit code ${exitCode}`, running.text());
  }
  return { durationMs: (await seen) ?? endedAfterMs, peakMiB, output: running.text() };
}

function nameOf({ command, args }: Pick<Command, "command" | "args">): string {
  return [command, ...args].join(" ");
}

function failure(what: string, printed: string, cause?: unknown): Error {
  return new Error(`${what}. What was printed:\n${printed.slice(-4000)}`, { cause });
}
