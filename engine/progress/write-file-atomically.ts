import { open, rename, rm } from "node:fs/promises";
import { waitUntil } from "../process/deadline.ts";

const BUSY = new Set(["EPERM", "EACCES", "EBUSY"]);
const BUSY_DEADLINE_MS = 500;
let count = 0;

/**
 * Replaces the file as a whole: a reader sees the old text or the new one, also when the disk is
 * full or the machine stops in the middle.
 * @throws the error of the file system; the old file is then still there
 */
export async function writeFileAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.${(count += 1)}.tmp`;
  try {
    {
      await using handle = await open(temporary, "w");
      await handle.writeFile(text);
      await handle.sync();
    }
    await replace(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Windows refuses it while somebody, such as a virus scanner, has the old file open. */
async function replace(from: string, to: string): Promise<void> {
  let failure: unknown;
  const isDone = await waitUntil(async () => {
    try {
      await rename(from, to);
      return true;
    } catch (error) {
      failure = error;
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (process.platform !== "win32" || !BUSY.has(code)) throw error;
      return false;
    }
  }, BUSY_DEADLINE_MS);
  if (!isDone) throw failure;
}
