import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Lesson } from "../../engine/lesson/lesson.ts";
import { readLesson } from "../../engine/lesson/read-lesson.ts";
import { findRedisServers } from "../../engine/redis/find-redis-server.ts";
import { playThrough } from "./play-through.ts";

const folder = path.resolve(import.meta.dirname, "../../lessons/01-basic-store");
const hasServer = findRedisServers(process.env).length > 0;

describe.concurrent("lesson 1", () => {
  test("plays clean on the embedded Redis", { timeout: 120_000 }, async () => {
    const { failures, events } = await playThrough(folder, { redis: "embedded" });

    expect(failures).toEqual([]);
    const stated = countStatements(await readLesson(folder));
    expect(stated).toBeGreaterThan(50);
    expect(events.filter(({ kind }) => kind === "expectation")).toHaveLength(stated);
    expect(events.filter(({ kind }) => kind === "truth")).toHaveLength(3);
  });

  test.skipIf(!hasServer)("plays clean on a redis-server", { timeout: 120_000 }, async () => {
    const { failures } = await playThrough(folder, { redis: "server" });

    expect(failures).toEqual([]);
  });
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
