import { readdir } from "node:fs/promises";
import path from "node:path";

const notOurs = new Set(["node_modules", ".git", ".workbook", "coverage"]);

/** All files below a folder, relative to it, with forward slashes, in order. */
export async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      if (notOurs.has(entry.name)) continue;
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(name);
      else found.push(name);
    }
  };
  await walk("");
  return found.toSorted();
}
