import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/**
 * Tells whether an exercise has changed since it was passed: over its checks and the behaviours
 * in its README. Line ends do not count, since git changes them.
 */
export async function hashChecks(root: string, slug: string): Promise<string> {
  const tests = path.join(root, "tests", "exercises", slug);
  const names = await readdir(tests).catch(() => []);
  const files = names
    .filter((name) => name.endsWith(".ts"))
    .toSorted()
    .map((name) => path.join(tests, name));
  const hash = createHash("sha256");
  for (const file of [...files, path.join(root, "exercises", slug, "README.md")]) {
    const text = await readFile(file, "utf8").catch(() => "");
    hash.update(`${path.basename(file)}\n${text.replaceAll("\r\n", "\n")}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}
