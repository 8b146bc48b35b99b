import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { hashChecks } from "../../../engine/progress/hash-checks.ts";
import { emptyProgress, type Progress } from "../../../engine/progress/progress.ts";
import { readProgress } from "../../../engine/progress/read-progress.ts";
import { updateProgress } from "../../../engine/progress/update-progress.ts";

async function workbook(text?: string) {
  const root = await mkdtemp(path.join(tmpdir(), "progress "));
  const folder = path.join(root, ".workbook");
  if (text !== undefined) {
    await mkdir(folder);
    await writeFile(path.join(folder, "progress.json"), text);
  }
  return {
    root,
    folder,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

const at = "2026-11-25T08:00:00.000Z";
const stepOf = (slug: string, lastStep: number) => (progress: Progress) => {
  progress.lessons[slug] = { done: false, lastStep, at };
};

test("progress is kept, and is nothing before anything was done", async () => {
  await using there = await workbook();
  expect(await readProgress(there.root)).toEqual({
    progress: emptyProgress(),
    warning: undefined,
    state: "none",
  });
  const update = await updateProgress(there.root, stepOf("01-basic-store", 4));
  expect(update.warning).toBeUndefined();
  const { progress } = await readProgress(there.root);
  expect(progress).toEqual(update.progress);
  expect(progress.lessons).toEqual({ "01-basic-store": { done: false, lastStep: 4, at } });
  expect(await readdir(there.folder)).toEqual(["progress.json"]);
});

test("changes made at the same time are all kept", async () => {
  await using there = await workbook();
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  await Promise.all(numbers.map((n) => updateProgress(there.root, stepOf(`lesson-${n}`, n))));
  const { progress } = await readProgress(there.root);
  expect(Object.keys(progress.lessons)).toHaveLength(20);
});

test("a file that is half-written or edited wrongly is put aside, and nothing of it is lost", async () => {
  const good = JSON.stringify({ ...emptyProgress(), lessons: { a: { done: true } } });
  for (const [text, says] of [
    ['{"version":1,"less', "is not JSON"],
    [good, "has a mistake at lessons.a.lastStep"],
  ] as const) {
    await using there = await workbook(text);
    expect((await readProgress(there.root)).warning).toContain(says);
    const { warning, progress } = await updateProgress(there.root, stepOf("b", 1));
    const aside = /now \.workbook\/(progress\.broken-[\w-]+\.json)\.$/.exec(warning ?? "")?.[1];
    expect(await readFile(path.join(there.folder, aside ?? "?"), "utf8")).toBe(text);
    expect((await readProgress(there.root)).progress).toEqual(progress);
  }
});

test("a file of a newer workbook is left alone", async () => {
  const text = '{"version":2,"lessons":[]}';
  await using there = await workbook(text);
  const { warning } = await updateProgress(there.root, stepOf("b", 1));
  expect(warning).toBe(
    ".workbook/progress.json was written by a newer workbook (version 2); it is left alone.",
  );
  expect(await readFile(path.join(there.folder, "progress.json"), "utf8")).toBe(text);
});

test("what the disk refuses is a sentence, and the old file stays", async () => {
  await using there = await workbook();
  await updateProgress(there.root, stepOf("a", 1));
  const before = await readFile(path.join(there.folder, "progress.json"), "utf8");
  for (const [code, says] of [
    ["ENOSPC", "the disk is full"],
    ["EROFS", "the folder is read-only"],
  ] as const) {
    const write = () => Promise.reject(Object.assign(new Error(code), { code }));
    const { warning, progress } = await updateProgress(there.root, stepOf("b", 2), { write });
    expect(warning).toBe(`Your progress could not be kept in .workbook: ${says}.`);
    expect(progress.lessons["b"]?.lastStep).toBe(2);
  }
  expect(await readFile(path.join(there.folder, "progress.json"), "utf8")).toBe(before);

  await rm(there.folder, { recursive: true });
  await writeFile(there.folder, "");
  expect((await updateProgress(there.root, stepOf("b", 2))).warning).toBe(
    "Your progress could not be kept in .workbook: .workbook is a file, not a folder.",
  );
});

test("the lock of a run that died does not stop the next one", async () => {
  await using there = await workbook("{}");
  const lock = path.join(there.folder, "progress.json.lock");
  await writeFile(lock, "");
  await utimes(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  await updateProgress(there.root, stepOf("a", 1));
  expect((await readProgress(there.root)).progress.lessons).toHaveProperty("a");
});

test("the hash of an exercise follows its checks and its README, not line ends", async () => {
  await using there = await workbook();
  const tests = path.join(there.root, "tests", "exercises", "brake");
  await mkdir(tests, { recursive: true });
  await writeFile(path.join(tests, "checks.ts"), "one\ntwo\n");
  const before = await hashChecks(there.root, "brake");
  await writeFile(path.join(tests, "checks.ts"), "one\r\ntwo\r\n");
  expect(await hashChecks(there.root, "brake")).toBe(before);
  await writeFile(path.join(tests, "checks.ts"), "one\nthree\n");
  expect(await hashChecks(there.root, "brake")).not.toBe(before);
});
