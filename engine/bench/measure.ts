import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { pidtree } from "pidtree";

/** One timed run of a whole command, as a person would type it. */
export interface TimedRun {
  /** Milliseconds from spawn until `until` was on the screen (or until the end without it). */
  readonly durationMs: number;
  /** Highest memory of the process tree seen, in MiB; undefined where /proc is missing. */
  readonly peakMiB: number | undefined;
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Runs a command and takes the time until a text is printed, or until it ends.
 * @param options.until stop the clock at this text; the command then runs on to its own end
 * @throws Error when the command could not be spawned, or ended without printing `until`
 */
export async function timeCommand(options: {
  command: string;
  args: readonly string[];
  cwd: string;
  environment?: Readonly<Record<string, string>>;
  until?: RegExp;
  memory?: boolean;
}): Promise<TimedRun> {
  const started = performance.now();
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: process.platform === "win32",
  });
  let output = "";
  let durationMs: number | undefined;
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    if (durationMs === undefined && options.until?.test(output)) {
      durationMs = performance.now() - started;
    }
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const memory = options.memory && child.pid ? watchMemory(child.pid) : undefined;
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const peakMiB = await memory?.stop();
  if (options.until === undefined) durationMs = performance.now() - started;
  if (durationMs === undefined) {
    throw new Error(
      `${options.command} ${options.args.join(" ")} ended (exit ${exitCode}) without printing ${options.until}:\n${output.slice(-2000)}`,
    );
  }
  return { durationMs, peakMiB, exitCode, output };
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new Error("median of nothing");
  return (upper + lower) / 2;
}

/** The value that 95 % of the values do not exceed. */
export function percentile95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.ceil(sorted.length * 0.95) - 1];
  if (value === undefined) throw new Error("percentile of nothing");
  return value;
}

function watchMemory(pid: number): { stop(): Promise<number | undefined> } {
  let peakMiB: number | undefined;
  let over = false;
  const loop = (async () => {
    while (!over) {
      const pids = await pidtree(pid, { root: true }).catch(() => []);
      const sum = pids.map(residentMiB).reduce((total, mib) => total + mib, 0);
      if (sum > (peakMiB ?? 0)) peakMiB = sum;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      over = true;
      await loop;
      return peakMiB;
    },
  };
}

/** Proportional set size where the kernel gives it: memory shared by processes is counted once. */
function residentMiB(pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    return Number(match?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
