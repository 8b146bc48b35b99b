import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { fingerprintFolder } from "../../../engine/work/fingerprint-folder.ts";
import { watchFolder } from "../../../engine/work/watch-folder.ts";

async function watched() {
  const above = createTemporaryFolder("watched");
  onTestFinished(async () => await above.remove());
  const folder = path.join(above.path, "exercise");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "app.ts"), "one");
  const told: string[] = [];
  const watcher = await watchFolder(folder, { onChange: (now) => void told.push(now) });
  onTestFinished(async () => await watcher[Symbol.asyncDispose]());
  return {
    app: path.join(folder, "app.ts"),
    folder,
    told,
    /** The last that was told is what is there. */
    isUpToDate: async () => told.at(-1) === (await fingerprintFolder(folder)),
  };
}

test("a change that comes right after another is told too", async () => {
  const { app, told, isUpToDate } = await watched();
  for (let round = 0; round < 5; round += 1) {
    const before = told.length;
    writeFileSync(app, `saved ${round}`);
    // As soon as the first is told, a formatter writes once more.
    await expect.poll(() => told.length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(before);
    writeFileSync(app, `saved and formatted ${round}`);
    await expect.poll(isUpToDate, { timeout: 20_000, interval: 1 }).toBe(true);
  }
});

test("saves by rename, deletion and a new folder are told; the same text is not", async () => {
  const { app, folder, told, isUpToDate } = await watched();
  writeFileSync(`${app}.new`, "two");
  renameSync(`${app}.new`, app);
  await expect.poll(isUpToDate, { timeout: 20_000 }).toBe(true);

  rmSync(folder, { recursive: true });
  await expect.poll(isUpToDate, { timeout: 20_000 }).toBe(true);
  mkdirSync(folder);
  writeFileSync(app, "three");
  await expect.poll(isUpToDate, { timeout: 20_000 }).toBe(true);

  const before = told.length;
  writeFileSync(app, "three");
  writeFileSync(path.join(folder, "README.md"), "no work of the learner");
  writeFileSync(path.join(folder, "more.ts"), "four");
  await expect.poll(isUpToDate, { timeout: 20_000 }).toBe(true);
  expect(told.length - before).toBe(1);
});
