import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { findTwinFiles } from "../../../engine/work/twin-files.ts";

test("a program that is there twice is told, with the one that is run", async () => {
  await using folder = createTemporaryFolder("twins");
  const write = (name: string) => writeFileSync(path.join(folder.path, name), "");
  expect(await findTwinFiles(path.join(folder.path, "gone"))).toEqual([]);
  for (const name of ["app.ts", "context.ts", "README.md", "app.test.js"]) write(name);
  expect(await findTwinFiles(folder.path)).toEqual([]);
  write("app.js");
  expect(await findTwinFiles(folder.path)).toEqual([
    "app.ts and app.js are both here: app.ts is run, app.js is not.",
  ]);
});
