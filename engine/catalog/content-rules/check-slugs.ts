import { readdir } from "node:fs/promises";
import path from "node:path";
import type { ContentViolation } from "./content-violation.ts";

const rooms = ["exercises", "solutions", "tests/exercises"] as const;

/** The slugs of all exercises: the folders of any of the three rooms that hold them. */
export async function listSlugs(repository: string): Promise<string[]> {
  const all = await Promise.all(rooms.map((room) => foldersOf(path.join(repository, room))));
  return [...new Set(all.flat())].toSorted();
}

/** Each exercise has its folder in `exercises/`, `solutions/` and `tests/exercises/`. */
export async function checkSlugs(repository: string): Promise<ContentViolation[]> {
  const slugs = await listSlugs(repository);
  const found: ContentViolation[] = [];
  for (const room of rooms) {
    const here = await foldersOf(path.join(repository, room));
    for (const slug of slugs) {
      if (here.includes(slug)) continue;
      const elsewhere = rooms.filter((other) => other !== room).map((other) => `${other}/${slug}`);
      found.push({
        file: `${room}/${slug}`,
        problem: `This folder is missing; ${elsewhere.join(" or ")} is there.`,
        remedy: "Add it, or give the folders one name.",
      });
    }
  }
  return found;
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
