import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { builtFiles } from "../../../engine/build/built-file.mjs";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";

const engine = path.resolve(import.meta.dirname, "../../../engine");

test("the grader can be bundled: a silent fall back to the loader would cost each run 0.3 s", async () => {
  const leaveOut = /^\.\/commands\/(?!test\.ts)/;
  const files = await builtFiles([path.join(engine, "main.ts")], "grader", { leaveOut });
  expect(files).toHaveLength(1);
  // Asked for in the same words by the file that starts everything.
  expect(readFileSync(path.join(engine, "start.mjs"), "utf8")).toContain(String(leaveOut));
});

test("a bundle knows where its sources lie, and is made anew when one of them changes", async () => {
  await using folder = createTemporaryFolder("bundle");
  const entry = path.join(folder.path, "a b.ts");
  const run = async (): Promise<unknown> => {
    const [file = ""] = (await builtFiles([entry], "test-of-bundles")) ?? [];
    return ((await import(pathToFileURL(file).href)) as { said: unknown }).said;
  };
  writeFileSync(path.join(folder.path, "other.ts"), "export const n: number = 1;");
  const text = `import { n } from "./other.ts";
export const said: unknown = [n, import.meta.url, import.meta.dirname, "import.meta.url"];`;
  writeFileSync(entry, text);
  const places = [pathToFileURL(entry).href, folder.path, "import.meta.url"];
  expect(await run()).toEqual([1, ...places]);
  writeFileSync(path.join(folder.path, "other.ts"), "export const n: number = 22;");
  expect(await run()).toEqual([22, ...places]);
});
