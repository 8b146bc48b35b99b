import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { builtFiles } from "../../../engine/build/built-file.mjs";
import { mapPlaces } from "../../../engine/grader/build/map-places.ts";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";

const engine = path.resolve(import.meta.dirname, "../../../engine");

test("the commands can be bundled: a silent fall back to the loader would cost each of them 0.5 s", async () => {
  expect(await builtFiles([path.join(engine, "main.ts")], "commands")).toHaveLength(1);
});

test("a stack of a bundle leads to the sources", async () => {
  await using folder = createTemporaryFolder("bundle");
  const entry = path.join(folder.path, "entry.ts");
  const text = `interface Left { out: string }
export function stack(): string | undefined {
  return new Error("here").stack;
}`;
  writeFileSync(entry, text);
  const [file = ""] = (await builtFiles([entry], "test-of-bundles")) ?? [];
  const { stack } = (await import(pathToFileURL(file).href)) as { stack: () => string };
  expect(stack()).toContain("entry-0.mjs");
  expect(mapPlaces(path.dirname(file))(stack())).toContain(`${entry}:3:`);
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
