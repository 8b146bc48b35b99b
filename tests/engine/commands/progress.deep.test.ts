import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hashChecks } from "../../../engine/progress/hash-checks.ts";
import { copyWorkbook } from "./copy-workbook.ts";
import { runWorkbook } from "./run-workbook.ts";
import { addTinyExercise } from "./tiny-exercise.ts";

const timeout = 120_000;

const levels = (text: string) => text.match(/^Hint \d of 3: .+$/gm);

test(
  "progress tells what is done, what changed since, and what comes next",
  { timeout },
  async () => {
    await using copy = copyWorkbook([]);
    addTinyExercise(copy);
    mkdirSync(copy.at(".workbook"));
    const twoHoursAgo = new Date(Date.now() - 2.5 * 3_600_000).toISOString();
    const greet = {
      passedAt: twoHoursAgo,
      points: 20,
      checksPassed: [1, 2],
      hintsShown: { 1: 1, 2: 2 },
      checksHash: await hashChecks(copy.root, "greet"),
      lastRun: twoHoursAgo,
    };
    const lessons = { "01-tiny": { done: true, lastStep: 2, at: twoHoursAgo } };
    const text = JSON.stringify({ version: 1, lessons, exercises: { greet } });
    writeFileSync(copy.at(".workbook/progress.json"), text);

    const before = await runWorkbook(copy.root, ["progress"]);
    expect(before).toEqual({
      code: 0,
      stderr: "",
      stdout: [
        "Lessons  ██████████  1 of 1",
        " ✓ 1  A tiny lesson",
        "",
        "Exercises  ██████████  1 of 1",
        " ✓ greet  ██████████  2 of 2, 20 points, 3 hints, last run 2 hours ago",
        "",
        "All is done. Well done.",
        "",
      ].join("\n"),
    });

    // As a pull does that changes the checks.
    appendFileSync(copy.at("tests/exercises/greet/checks.ts"), "// stricter\n");
    const after = await runWorkbook(copy.root, ["progress"]);
    expect(after.stdout).toContain(
      "2 hours ago\n   This exercise changed since you passed it.\n\nNext: npm run watch greet\n",
    );
    const json = await runWorkbook(copy.root, ["progress", "json"]);
    expect(JSON.parse(json.stdout)).toEqual({
      version: 1,
      lessons: [{ number: 1, slug: "01-tiny", title: "A tiny lesson", isDone: true, lastStep: 2 }],
      exercises: [
        {
          slug: "greet",
          title: "Greet",
          hasPassed: true,
          hasChanged: true,
          points: 20,
          passed: 2,
          checks: 2,
          hints: 3,
          lastRun: twoHoursAgo,
        },
      ],
      next: "npm run watch greet",
    });

    // It was changed since, and its last run failed; a lesson before it is not done.
    const failed = { ...greet, points: 10, checksPassed: [1], checksHash: undefined };
    const open = { "01-tiny": { done: false, lastStep: 1, at: new Date(0).toISOString() } };
    const state = { version: 1, lessons: open, exercises: { greet: failed } };
    writeFileSync(copy.at(".workbook/progress.json"), JSON.stringify(state));
    const worse = await runWorkbook(copy.root, ["progress"]);
    expect(worse.stdout).toContain("Exercises  ░░░░░░░░░░  0 of 1\n ▸ greet");
    expect(worse.stdout).toContain("1 of 2, 10 points, passed before");
    expect(worse.stdout).toContain("\nNext: npm run watch greet\n");
  },
);

test("hints come one by one, are counted, and stay readable", { timeout }, async () => {
  await using copy = copyWorkbook([]);
  addTinyExercise(copy);
  const hint = async (...words: string[]) =>
    (await runWorkbook(copy.root, ["hint", "greet", ...words])).stdout;

  expect(await hint("list")).toBe(
    "You have read no hint of greet yet.\nNext: npm run hint greet\n",
  );
  expect(levels(await hint("2"))).toEqual(["Hint 1 of 3: A question"]);
  expect(levels(await hint("2"))).toEqual([
    "Hint 1 of 3: A question",
    "Hint 2 of 3: A direction (new)",
  ]);
  await hint("2");
  const all = await hint("2");
  expect(levels(all)).toHaveLength(3);
  expect(all).toContain("These are all the hints there are.\nNext: npm test greet only 2\n");
  expect(levels(await hint("list"))).toHaveLength(3);
  const { exercises } = JSON.parse(readFileSync(copy.at(".workbook/progress.json"), "utf8")) as {
    exercises: object;
  };
  expect(exercises).toMatchObject({ greet: { hintsShown: { 2: 3 } } });
});
