import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { exerciseAtHand } from "../../../engine/work/exercise-at-hand.ts";

const README = "---\ntitle: T\n---\n## Behaviours\n\n### Part 1: All (9 points)\n\n1. **A.** B.\n";

const at = (hour: number) => `2030-01-01T0${hour}:00:00.000Z`;

test("without a name the exercise is taken that was graded last and failed, else the first open one", async () => {
  await using folder = createTemporaryFolder("at-hand");
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder.path, file)), { recursive: true });
    writeFileSync(path.join(folder.path, file), text);
  };
  for (const slug of ["a", "b", "c"]) {
    write(`exercises/${slug}/README.md`, README);
    write(`tests/exercises/${slug}/checks.ts`, "");
  }
  const keep = (exercises: Record<string, object>) =>
    write(".workbook/progress.json", JSON.stringify({ version: 1, lessons: {}, exercises }));
  const chosen = async () => (await exerciseAtHand("npm run hint", folder.path)).slug;
  const fresh = { points: 0, checksPassed: [], hintsShown: {} };
  const done = { ...fresh, points: 9, checksPassed: [1], passedAt: at(1) };

  expect(await chosen()).toBe("a");
  keep({ a: { ...fresh, lastRun: at(1) }, c: { ...fresh, lastRun: at(2) } });
  expect(await chosen()).toBe("c");
  keep({ a: { ...done, lastRun: at(1) }, c: { ...done, lastRun: at(2) } });
  expect(await chosen()).toBe("b");
  // It passed once, and no longer.
  keep({ a: { ...fresh, passedAt: at(1), lastRun: at(3) } });
  expect(await chosen()).toBe("a");
  keep({ a: { ...done, lastRun: at(1) }, b: { ...done, lastRun: at(2) }, c: done });
  await expect(exerciseAtHand("npm run hint", folder.path)).rejects.toThrow(
    "Every exercise has passed: name one.",
  );
});
