import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { gradeSubmission } from "../../../engine/grader/grade-submission.ts";
import type { Report } from "../../../engine/grader/report.ts";

// A check that leans on what another one left behind would tell a learner something else with
// `only 7` than in the whole run.
const repository = path.resolve(import.meta.dirname, "../../..");
const redises = new RedisStock({ ...process.env, WORKBOOK_REDIS: "embedded" });
afterAll(async () => await redises[Symbol.asyncDispose]());

const failing = ({ results }: Report) =>
  results.filter(({ passed }) => !passed).map(({ number }) => number);

const all = Array.from({ length: 18 }, (_, at) => at + 1);
/** 1, 8, 15, 4, … : neighbours of the README are far apart in it. */
const mixed = all.map((_, at) => ((at * 7) % 18) + 1);

/** All of them alone take as long as ten gradings: outside of .ci/run some stand for the others. */
const whole = process.env["WORKBOOK_WHOLE_SUITE"] === "1";
const sample = [2, 7, 9, 14, 16];

describe.each([
  ["the solution", "solutions/rate-limit", []],
  ["a wrong answer", "tests/exercises/rate-limit/wrong/one-too-many", [2, 7, 14]],
])("the checks find the same in %s", (_, name, expected) => {
  const grade = async (options: { only?: number[]; order?: number[] }) =>
    await gradeSubmission({
      repository,
      slug: "rate-limit",
      folder: path.join(repository, name),
      redises,
      ...options,
    });

  test("backwards and mixed", async () => {
    expect(mixed.toSorted((a, b) => a - b)).toEqual(all);
    expect(failing(await grade({ order: all.toReversed() }))).toEqual(expected);
    expect(failing(await grade({ order: mixed }))).toEqual(expected);
  }, 120_000);

  test("alone", async () => {
    const alone: number[] = [];
    for (const number of whole ? all : sample)
      alone.push(...failing(await grade({ only: [number] })));
    expect(alone).toEqual(whole ? expected : expected.filter((one) => sample.includes(one)));
  }, 120_000);
});
