import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { waitUntil } from "../process/deadline.ts";
import type { Progress } from "./progress.ts";
import { progressFile, readProgress } from "./read-progress.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** A run that died while it held the lock must not stop the others. */
const STALE_LOCK_MS = 5000;
/** Longer than a lock lives: one that is left behind is gone by then. */
const LOCK_DEADLINE_MS = 6000;

export interface ProgressUpdate {
  readonly progress: Progress;
  /** Why it could not be kept, as a sentence. A lesson or a grading goes on all the same. */
  readonly warning: string | undefined;
}

/** Changes of this process wait for each other here, those of others at the lock. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Changes the learner's progress: `change` gets what is there now and alters it. Runs at the same
 * time do not lose each other's changes. A file that cannot be read is put aside, not overwritten.
 * Never throws for what the disk does.
 */
export async function updateProgress(
  root: string,
  change: (progress: Progress) => void,
  { write = writeFileAtomically }: { write?: typeof writeFileAtomically } = {},
): Promise<ProgressUpdate> {
  const mine = last.then(async () => await updateNow(root, change, write));
  last = mine.catch(() => {});
  return await mine;
}

async function updateNow(
  root: string,
  change: (progress: Progress) => void,
  write: typeof writeFileAtomically,
): Promise<ProgressUpdate> {
  const file = progressFile(root);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await using _ = await lock(`${file}.lock`);
    const { progress, state, warning } = await readProgress(root);
    change(progress);
    if (state === "newer" || state === "unreadable") return { progress, warning };
    const aside = state === "broken" ? await putAside(file) : undefined;
    await write(file, `${JSON.stringify(progress, undefined, 2)}\n`);
    return {
      progress,
      warning: aside === undefined ? warning : `${warning} The old file is now ${aside}.`,
    };
  } catch (error) {
    const { progress } = await readProgress(root);
    change(progress);
    const why = error instanceof Error && "code" in error ? explain(String(error.code)) : error;
    return { progress, warning: `Your progress could not be kept in .workbook: ${String(why)}.` };
  }
}

function explain(code: string): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "the folder is read-only";
    case "EEXIST":
    case "ENOTDIR":
      return ".workbook is a file, not a folder";
    default:
      return code;
  }
}

async function putAside(file: string): Promise<string> {
  const date = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const name = `progress.broken-${date}.json`;
  await rename(file, path.join(path.dirname(file), name));
  return `.workbook/${name}`;
}

async function lock(file: string): Promise<AsyncDisposable> {
  let isOurs = false;
  await waitUntil(async () => {
    try {
      await using _ = await open(file, "wx");
      isOurs = true;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const stats = await stat(file).catch(() => undefined);
      if (stats !== undefined && Date.now() - stats.mtimeMs > STALE_LOCK_MS) {
        await rm(file, { force: true });
      }
    }
    return isOurs;
  }, LOCK_DEADLINE_MS);
  // Without it we go on all the same: a lost mark is better than a stuck run.
  return {
    [Symbol.asyncDispose]: async () => {
      if (isOurs) await rm(file, { force: true });
    },
  };
}
