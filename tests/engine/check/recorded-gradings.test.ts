import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GradedSubmission } from "../../../engine/catalog/content-rules/judge-gradings.ts";
import { openRecordedGradings } from "../../../engine/check/recorded-gradings.ts";

const tests = "tests/exercises/tiny";
const name = `${tests}/wrong/late`;
const fails: GradedSubmission = { verdict: "fail", passed: [1], failed: [2], reason: "late" };
const passes: GradedSubmission = {
  verdict: "pass",
  passed: [1, 2],
  failed: [],
  reason: undefined,
};
let repository = "";

beforeEach(() => {
  repository = mkdtempSync(path.join(tmpdir(), "workbook-recorded-"));
  write("package-lock.json", "{}");
  write("engine/grader/check.ts", "");
  write(`${tests}/checks.ts`, "");
  write(`${name}/app.ts`, "late");
  write(`${name}/wrong.json`, "{}");
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const whole = path.join(repository, file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}

/** Grades the one answer, which gets `verdict` should it be graded anew. */
async function gradeOnce(verdict: GradedSubmission, { afresh = false, redis = "embedded" } = {}) {
  const options = { checkNumbers: [1, 2], redisKinds: [redis], afresh };
  const recorded = await openRecordedGradings(repository, "tiny", options);
  const submission = {
    kind: "alt" as const,
    slug: "tiny",
    name,
    folder: path.join(repository, name),
  };
  let isAnew = false;
  const graded = await recorded.grade(submission, redis, async () => {
    isAnew = true;
    return verdict;
  });
  await recorded.save();
  return { graded, isAnew, known: recorded.known, changed: recorded.changed };
}

test("what is recorded is not graded again", async () => {
  expect(await gradeOnce(fails)).toMatchObject({ isAnew: true, known: 0 });
  const again = await gradeOnce(passes);
  expect(again).toMatchObject({ isAnew: false, known: 1 });
  expect(again.graded).toEqual({ ...fails, reason: undefined });
});

test.each([
  ["the answer", `${name}/app.ts`],
  ["a new file of the answer", `${name}/more.ts`],
  ["the checks", `${tests}/checks.ts`],
  ["the grader", "engine/grader/check.ts"],
  ["the packages", "package-lock.json"],
])("it is graded again after a change of %s", async (_what, file) => {
  await gradeOnce(fails);
  write(file, "changed");
  expect(await gradeOnce(passes)).toMatchObject({ isAnew: true, graded: passes, changed: [] });
});

test.each([
  ["what is expected of the answer", `${name}/wrong.json`],
  ["another answer", `${tests}/wrong/other/app.ts`],
])("but not after a change of %s", async (_what, file) => {
  await gradeOnce(fails);
  write(file, "changed");
  expect(await gradeOnce(passes)).toMatchObject({ isAnew: false });
});

test("afresh grades all, and tells of another verdict for the same code", async () => {
  await gradeOnce(fails);
  expect(await gradeOnce(fails, { afresh: true })).toMatchObject({ isAnew: true, changed: [] });
  const other = await gradeOnce(passes, { afresh: true });
  expect(other).toMatchObject({ isAnew: true, changed: ["wrong/late on embedded"] });
});

test("a run without a server keeps what is recorded of one", async () => {
  await gradeOnce(fails, { redis: "server" });
  await gradeOnce(passes);
  expect(await gradeOnce(passes, { redis: "server" })).toMatchObject({ isAnew: false });
});

test("what could not be graded is graded again; a broken record is none", async () => {
  const nobodyKnows = { verdict: "could not be graded", passed: [], failed: [], reason: "broke" };
  await gradeOnce(nobodyKnows as GradedSubmission);
  expect(await gradeOnce(passes)).toMatchObject({ isAnew: true });
  const file = path.join(repository, tests, "gradings.json");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, 30));
  expect(await gradeOnce(passes)).toMatchObject({ isAnew: true });
});
