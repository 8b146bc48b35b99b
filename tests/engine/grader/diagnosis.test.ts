import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findDiagnoses } from "../../../engine/grader/diagnosis.ts";
import type { CheckFailure } from "../../../engine/grader/report.ts";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";

const folder = createTemporaryFolder("diagnosis");
afterAll(async () => await folder[Symbol.asyncDispose]());
beforeAll(() => {
  const known = {
    "counts-twice": { fails: [2], says: "two views", diagnosis: "Each view is counted twice." },
    "no-expiry": { fails: [3, 4], says: "for ever", diagnosis: "No key has an expiry." },
    "in-the-process": { fails: [3, 4], says: '{"views":1}', diagnosis: "A variable counts." },
    "local-day": { fails: [5], diagnosis: "The day is the machine's." },
    "day-of-the-start": { fails: [5], diagnosis: "The day is that of the start." },
  };
  for (const [name, record] of Object.entries(known)) {
    const at = path.join(folder.path, "wrong", name);
    mkdirSync(at, { recursive: true });
    writeFileSync(path.join(at, "wrong.json"), JSON.stringify(record));
  }
});

const failure = (why: string, answer: string): CheckFailure => ({
  why,
  sent: [
    {
      program: "app",
      request: { method: "GET", path: "/" },
      baseUrl: "",
      cookie: "",
      browser: 1,
      answer,
    },
  ],
  together: 1,
  commands: [],
  moreCommands: 0,
  evidence: [],
  printed: [],
});
const find = async (numbers: readonly number[], why = "", answer = "") =>
  await findDiagnoses(
    folder.path,
    numbers.map((number) => ({ number, failure: failure(why, answer) })),
  );

test("the wrong answer that fails exactly these checks", async () => {
  expect(await find([2], "One visit is two views.")).toEqual(["Each view is counted twice."]);
  // Another mistake, which nobody has written down.
  expect(await find([2], "There are no views.")).toEqual([]);
  expect(await find([2, 3])).toEqual([]);
  expect(await find([])).toEqual([]);
});

test("of two that fail the same checks, the one whose failure says the same", async () => {
  expect(await find([3, 4], "Some keys stay for ever.")).toEqual(["No key has an expiry."]);
  expect(await find([4, 3], "Two views.", '200 {"views":1}')).toEqual(["A variable counts."]);
  expect(await find([3, 4], "Something else.")).toEqual([]);
});

test("where nothing tells two apart, both", async () => {
  expect(await find([5])).toEqual(["The day is that of the start.", "The day is the machine's."]);
});

test("an exercise without wrong answers has no diagnosis", async () => {
  expect(await findDiagnoses(path.join(folder.path, "gone"), [{ number: 1 }])).toEqual([]);
});
