import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { createTemporaryFolder } from "../process/create-temporary-folder.ts";

const PARTS = ["engine", "exercises", "lessons", "solutions", "tests/exercises"];
const FILES = ["package.json", "tsconfig.json", ".npmrc"];
/** A suite of vitest's with twelve empty tests: what any test runner costs before it does anything. */
export const EMPTY_SUITE = "empty";

/** A workbook that may be written in. */
export interface SolvedWorkbook extends AsyncDisposable {
  readonly root: string;
}

/**
 * A copy of the workbook in a temporary folder, with the solutions where the learner works: so
 * commands can be measured as a learner types them, without touching anybody's work.
 */
export async function solvedWorkbook(repository: string): Promise<SolvedWorkbook> {
  const folder = createTemporaryFolder("bench");
  const at = (...parts: string[]) => path.join(folder.path, ...parts);
  // With their times: bundles are known by those of their sources.
  const copy = async (from: string, to = from) =>
    await cp(path.join(repository, from), at(to), { recursive: true, preserveTimestamps: true });
  try {
    await Promise.all([...PARTS, ...FILES].map(async (part) => await copy(part)));
    for (const slug of await readdir(at("solutions"))) {
      for (const name of await readdir(at("solutions", slug))) {
        if (name === "README.md") continue;
        await copy(`solutions/${slug}/${name}`, `exercises/${slug}/${name}`);
      }
    }
    await linkPackages(path.join(repository, "node_modules"), at("node_modules"));
    const tests = Array.from({ length: 12 }, (_, n) => `test("empty ${n}", () => {});`).join("\n");
    await mkdir(at(EMPTY_SUITE));
    await writeFile(at(EMPTY_SUITE, "empty.test.ts"), `import { test } from "vitest";\n${tests}\n`);
    await writeFile(at(EMPTY_SUITE, "vitest.config.ts"), "export default { test: {} };\n");
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return { root: folder.path, [Symbol.asyncDispose]: folder.remove };
}

/** One by one, so that what the workbook caches among them goes with the copy. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name === ".cache" || entry.name.startsWith(".vite")) continue;
    const source = path.join(from, entry.name);
    // Links to files need rights on Windows that few have.
    if (entry.isFile()) await cp(source, path.join(to, entry.name), { preserveTimestamps: true });
    else await symlink(source, path.join(to, entry.name), "junction");
  }
}
