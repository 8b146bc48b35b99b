import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { atExit } from "./at-exit.ts";
import { programEnvironment } from "./program-environment.ts";

const GUARD = fileURLToPath(new URL("./host/guard.cjs", import.meta.url));

const guarded = new Map<string, number>();
let guard: ChildProcess | undefined;

/**
 * Starts the process that ends our programs should we be gone without a word, if there is none
 * yet. Called before a program is started, so that the guard is told of it at once.
 */
export function startGuard(): void {
  if (guard !== undefined) return;
  const child = spawn(process.execPath, [GUARD], {
    // A group of its own: Ctrl-C must not end it before us.
    detached: process.platform !== "win32",
    windowsHide: true,
    env: programEnvironment({}),
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard = child;
  const forget = atExit({ endNow: () => void child.kill("SIGKILL") });
  // Somebody has ended it: the next program gets another one, which is told of all.
  const lost = () => {
    forget();
    if (guard === child) guard = undefined;
    if (guarded.size > 0) startGuard();
  };
  child.once("exit", lost);
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  child.unref();
  for (const [run, pid] of guarded) child.stdin?.write(`watch ${pid} ${run}\n`);
}

/** Has the program ended with us. Answers the function that says that it is gone. */
export function guardProgram(pid: number, run: string): () => void {
  guarded.set(run, pid);
  guard?.stdin?.write(`watch ${pid} ${run}\n`);
  return () => {
    guarded.delete(run);
    guard?.stdin?.write(`gone ${pid} ${run}\n`);
  };
}
