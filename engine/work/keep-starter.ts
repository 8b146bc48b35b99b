import { existsSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { starterFolder } from "./starter-folder.ts";

/** Where the starter lies that the learner began with. */
export function keptStarterFolder(repository: string, slug: string): string {
  return path.join(repository, ".workbook", "starters", slug);
}

/**
 * Keeps the starter that the learner begins with, unless one is kept already, so that a later
 * `npm run update` can tell what has changed in it. What the disk refuses is passed over: only
 * that command needs it, and it says so.
 * @param again keeps today's in place of the one that is kept
 */
export async function keepStarter(
  repository: string,
  slug: string,
  { again = false }: { again?: boolean } = {},
): Promise<void> {
  const kept = keptStarterFolder(repository, slug);
  if (existsSync(kept) && !again) return;
  const temporary = `${kept}.${process.pid}.tmp`;
  try {
    await mkdir(path.dirname(kept), { recursive: true });
    await cp(starterFolder(repository, slug), temporary, { recursive: true });
    if (again) await rm(kept, { recursive: true, force: true });
    await rename(temporary, kept);
  } catch {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
}
