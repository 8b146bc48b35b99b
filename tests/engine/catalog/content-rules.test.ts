import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { checkExerciseTexts } from "../../../engine/catalog/content-rules/check-exercise-texts.ts";
import { checkLinks } from "../../../engine/catalog/content-rules/check-links.ts";
import { checkSlugs } from "../../../engine/catalog/content-rules/check-slugs.ts";
import { checkStrayFiles } from "../../../engine/catalog/content-rules/check-stray-files.ts";
import { checkWrongAnswers } from "../../../engine/catalog/content-rules/check-wrong-answers.ts";
import { judgeGrading } from "../../../engine/catalog/content-rules/judge-gradings.ts";
import {
  listSubmissions,
  type Submission,
} from "../../../engine/catalog/content-rules/list-submissions.ts";

const readme = `# Task

### Part 1: First (40 points)

1. **One thing holds.** Always.
2. **Another one holds.** Too.

### Part 2: Second (60 points)

3. **The last one holds.** As well.
`;
const hint = (number: number, title: string) =>
  `## ${number}. ${title}\n\n### A question\n\nWhy?\n\n### A direction\n\nThere.\n\n### Nearly the code\n\nthis()\n`;
const hints = [
  hint(1, "One thing holds"),
  hint(2, "Another one holds"),
  hint(3, "The last one holds"),
].join("\n");
const checks = [
  { number: 1, title: "One thing holds" },
  { number: 2, title: "Another one holds" },
  { number: 3, title: "The last one holds" },
];
const good: Record<string, string> = {
  "exercises/brake/README.md": readme,
  "exercises/brake/hints.md": hints,
  "exercises/brake/app.ts": "starter",
  "solutions/brake/README.md": "# Trade-offs",
  "solutions/brake/app.ts": "solution",
  "tests/exercises/brake/checks.ts": "checks",
  "tests/exercises/brake/starter/app.ts": "starter",
  "tests/exercises/brake/alt/other/app.js": "other",
  "tests/exercises/brake/wrong/slip/app.ts": "slip",
  "tests/exercises/brake/wrong/slip/wrong.json": JSON.stringify({
    mustCatch: 2,
    fails: [2],
    diagnosis: "The pedal is on the wrong side of the car.",
  }),
};

async function repository(changes: Record<string, string | undefined> = {}) {
  const root = await mkdtemp(path.join(tmpdir(), "content rules "));
  for (const [file, text] of Object.entries({ ...good, ...changes })) {
    if (text === undefined) continue;
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

test("an exercise in order violates nothing", async () => {
  await using there = await repository();
  expect(await checkSlugs(there.root)).toEqual([]);
  expect(await checkStrayFiles(there.root)).toEqual([]);
  expect(await checkLinks(there.root)).toEqual([]);
  expect(await checkExerciseTexts(there.root, "brake", checks)).toEqual([]);
});

test("a slug without its solution is named", async () => {
  await using there = await repository({
    "solutions/brake/README.md": undefined,
    "solutions/brake/app.ts": undefined,
  });
  expect(await checkSlugs(there.root)).toEqual([
    {
      file: "solutions/brake",
      problem: "This folder is missing; exercises/brake or tests/exercises/brake is there.",
      remedy: "Add it, or give the folders one name.",
    },
  ]);
});

test("points, numbers, sentences and hints that disagree are each found with their line", async () => {
  await using there = await repository({
    "exercises/brake/README.md": readme
      .replace("60 points", "50 points")
      .replace("2. **Another one holds.**", "2. **Another thing.**"),
    "exercises/brake/hints.md": hints.replace("### A direction", "### Somewhere"),
  });
  const found = await checkExerciseTexts(there.root, "brake", [
    ...checks,
    { number: 4, title: "Unsaid" },
  ]);
  expect(found.map(({ file, line, problem }) => [path.basename(file), line, problem])).toEqual([
    ["README.md", 3, "The parts are worth 90 points."],
    ["README.md", 6, 'Behaviour 2 is "Another thing", its check says "Another one holds".'],
    ["README.md", undefined, 'Check 4, "Unsaid", is not among the behaviours.'],
    [
      "hints.md",
      1,
      "Check 1 has not its three hints; there: A question, Somewhere, Nearly the code.",
    ],
    ["hints.md", undefined, "Check 4 has not its three hints; there: none."],
  ]);
});

test("stray files, missing ones and a starter that differs are found", async () => {
  await using there = await repository({
    "exercises/brake/app.ts": "a learner's work",
    "exercises/brake/notes.txt": "",
    "exercises/brake/hints.md": undefined,
    "tests/exercises/brake/wrong/slip/old.bak": "",
    "lessons/01-first/Thumbs.db": "",
  });
  const found = await checkStrayFiles(there.root);
  expect(found.map(({ file, problem }) => `${file}: ${problem}`)).toEqual([
    "exercises/brake/hints.md: This file is missing.",
    "exercises/brake/app.ts: It differs from the pristine starter.",
    "exercises/brake/notes.txt: This file has no place here.",
    "tests/exercises/brake/wrong/slip/old.bak: This file has no place here.",
    "lessons/01-first/Thumbs.db: This file has no place here.",
  ]);
});

test("links to missing files and headings are found, links in code are not links", async () => {
  await using there = await repository({
    "lessons/01-first/README.md": [
      "# A title, twice",
      "[ok](../../solutions/brake/README.md#trade-offs) [self](#a-title-twice) [web](https://x.y/z)",
      "[gone](gone.md)",
      "`[code](nowhere.md)`",
      "```sh",
      "[code](nowhere.md)",
      "```",
      "[lost](../../solutions/brake/README.md#elsewhere)",
    ].join("\n"),
  });
  const found = await checkLinks(there.root);
  expect(found.map(({ line, problem }) => `${line}: ${problem}`)).toEqual([
    "3: No file gone.md.",
    "8: No heading #elsewhere there.",
  ]);
});

test("a wrong answer needs a record that can be read", async () => {
  await using there = await repository({
    "tests/exercises/brake/wrong/slip/wrong.json": '{ "mustCatch": "2", "fails": [2] }',
  });
  await expect(listSubmissions(there.root, "brake")).rejects.toThrow(
    "tests/exercises/brake/wrong/slip/wrong.json: mustCatch: Invalid type",
  );
});

const wrong = (mustCatch: number, fails: number[]): Submission => ({
  kind: "wrong",
  slug: "brake",
  name: "tests/exercises/brake/wrong/slip",
  folder: "/nowhere",
  record: { mustCatch, fails, diagnosis: "The pedal is on the wrong side." },
});

test("each check must catch one to three wrong answers, and none fails more than half", () => {
  const found = checkWrongAnswers(
    "brake",
    [1, 2],
    [wrong(1, [1]), wrong(1, [1]), wrong(1, [1]), wrong(1, [2]), wrong(3, [1, 2, 3])],
  );
  expect(found.map(({ problem }) => problem)).toEqual([
    "Check 1 must catch it, but is not among those that it fails.",
    "It fails 3 of 2 checks, more than half.",
    "There is no check 3.",
    "There is no check 3.",
    "Check 1 is the one that must catch 4 wrong answers.",
    "Check 2 is the one that must catch 0 wrong answers.",
  ]);
});

const submission = (kind: "starter" | "solution" | "alt" | "idle"): Submission => ({
  kind,
  slug: "brake",
  name: kind,
  folder: "/nowhere",
});
const graded = (passed: number[], failed: number[]) => ({
  verdict: failed.length === 0 ? ("pass" as const) : ("fail" as const),
  passed,
  failed,
  reason: "because",
});

test("a verdict other than the one that its kind demands is a violation", () => {
  const problems = (one: Submission, passed: number[], failed: number[]) =>
    judgeGrading(one, graded(passed, failed), "server").map(({ problem }) => problem);

  expect(problems(submission("solution"), [1, 2], [])).toEqual([]);
  expect(problems(submission("alt"), [1], [2])).toEqual([
    "On the server Redis: a right answer fails check 2: because",
  ]);
  expect(problems(submission("starter"), [], [1, 2])).toEqual([]);
  expect(problems(submission("idle"), [2], [1])).toEqual([
    "On the server Redis: an answer that does nothing passes check 2.",
  ]);
  expect(problems(wrong(1, [1]), [2], [1])).toEqual([]);
  expect(problems(wrong(1, [1]), [], [1, 2])).toEqual([
    "On the server Redis: it fails 1, 2; recorded is 1. because",
  ]);
  expect(problems(wrong(1, [1]), [1, 2], [])).toEqual([
    "On the server Redis: it fails no check; recorded is 1. because",
  ]);
  const notGraded = { ...graded([], []), verdict: "could not be graded" as const };
  expect(judgeGrading(submission("starter"), notGraded, "embedded")[0]?.problem).toBe(
    "On the embedded Redis: it could not be graded: because",
  );
});
