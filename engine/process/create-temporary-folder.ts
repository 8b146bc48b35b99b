import { mkdtempSync, rmSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./at-exit.ts";

/** A folder of this run. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Removes it with all that is in it. Safe to call twice. */
  remove(): Promise<void>;
}

// Windows keeps files of a process that has just ended busy for a moment.
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

const STALE_MS = 24 * 3_600_000;
let hasSwept = false;

/** Makes a folder in the system's place for temporary files; it is removed at the latest when this process ends. */
export function createTemporaryFolder(name = "run"): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `workbook-${name}-${process.pid}-`));
  if (!hasSwept) void removeStale();
  hasSwept = true;
  const forget = atExit({ endNow: () => rmSync(path, REMOVAL) });
  const remove = async () => {
    await rm(path, REMOVAL);
    forget();
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}

/** A run that died by SIGKILL could not remove its own: a day later somebody else's does it. */
async function removeStale(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = /^workbook-.*-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(tmpdir(), name);
    const stats = await stat(path).catch(() => undefined);
    if (stats === undefined || Date.now() - stats.mtimeMs < STALE_MS) continue;
    await rm(path, REMOVAL).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is none of ours, but it runs.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
