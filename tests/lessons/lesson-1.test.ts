import path from "node:path";
import { expect, test } from "vitest";
import type { Lesson } from "../../engine/lesson/lesson.ts";
import { readLesson } from "../../engine/lesson/read-lesson.ts";
import { playThrough } from "./play-through.ts";

const folder = path.resolve(import.meta.dirname, "../../lessons/01-basic-store");

// On a redis-server: lesson-1.deep.test.ts, and `npm run check`.
test("lesson 1 plays clean on the embedded Redis", { timeout: 120_000 }, async () => {
  const { failures, events } = await playThrough(folder, { redis: "embedded" });

  expect(failures).toEqual([]);
  const stated = countStatements(await readLesson(folder));
  expect(stated).toBeGreaterThan(50);
  expect(events.filter(({ kind }) => kind === "expectation")).toHaveLength(stated);
  expect(events.filter(({ kind }) => kind === "truth")).toHaveLength(3);
});

/** What the document states: each must have been compared, so that none is passed over in silence. */
function countStatements({ steps }: Lesson): number {
  return steps
    .flatMap(({ blocks }) => blocks)
    .reduce((sum, block) => {
      if (block.kind === "redis") return sum + block.exchanges.length;
      return ["http", "saw", "output", "chart"].includes(block.kind) ? sum + 1 : sum;
    }, 0);
}
