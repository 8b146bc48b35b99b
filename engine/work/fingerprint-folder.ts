import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** Texts of the exercise, which the learner reads; and what is no work of anybody. */
const NOT_WORK = new Set(["README.md", "hints.md", "node_modules", ".git", ".DS_Store"]);

/** Whether a path inside an exercise's folder, relative to it, is the learner's work. */
export function isWork(relative: string): boolean {
  const [first = "", ...rest] = relative.split(/[\\/]/);
  // What editors leave while they save: 4913, app.ts~, .app.ts.swp, #app.ts#. What trying it leaves: output, and
  // the cookies of the README's curl lines. An app that restarts whenever it prints would never come to rest.
  const name = rest.at(-1) ?? first;
  const isScrap = /~$|^\.#|^#.*#$|\.sw[a-z]$|^4913$|\.tmp$|\.log$|^jar\.txt$/.test(name);
  return !NOT_WORK.has(first) && !rest.includes("node_modules") && !isScrap;
}

/** The learner's files of an exercise, relative to its folder, in order. Empty where there is no folder. */
export async function listWork(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter(isWork)
    .toSorted();
}

/** Changes whenever a file of the learner, or the folder itself, changes, comes or goes. */
export async function fingerprintFolder(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const files = await listWork(folder);
  if (files.length === 0) hash.update(existsSync(folder) ? "empty" : "gone");
  for (const name of files) {
    // A file may go between the listing and the reading.
    const bytes = await readFile(path.join(folder, name)).catch(() => undefined);
    if (bytes === undefined) continue;
    hash.update(`${name.replaceAll("\\", "/")}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}
