import { expect, test } from "vitest";
import { compare } from "../../../engine/bench/compare.ts";
import { durations, measureInTurn, peakOf } from "../../../engine/bench/measure-in-turn.ts";

async function failing(): Promise<never> {
  throw new Error("it did not pass");
}

test("each is run once a round, and the first round does not count", async () => {
  const order: string[] = [];
  const progress: number[] = [];
  const run = (name: string) => async () => {
    order.push(name);
    return { durationMs: order.length };
  };
  const measured = await measureInTurn({ a: run("a"), b: run("b") }, 2, (done) =>
    progress.push(done),
  );
  expect(order.join("")).toBe("ababab");
  expect(progress).toEqual([0, 1, 2]);
  expect(durations(measured.a)).toEqual([3, 5]);
  expect(durations(measured.b)).toEqual([4, 6]);
});

test("the peak is the highest of all runs, where it was measured", () => {
  expect(
    peakOf([
      { durationMs: 1, peakMiB: 5 },
      { durationMs: 1, peakMiB: 9 },
    ]),
  ).toEqual({
    peakMiB: 9,
  });
  expect(peakOf([{ durationMs: 1, peakMiB: undefined }, { durationMs: 1 }])).toEqual({});
});

test("a comparison gives the medians of both, and a run that fails ends it", async () => {
  const times = [99, 5, 6, 100];
  const options = {
    name: "one",
    besideName: "another",
    runs: 3,
    beside: async () => ({ durationMs: 3 }),
    onProgress: () => {},
  };
  expect(
    await compare({ ...options, subject: async () => ({ durationMs: times.shift() ?? 0 }) }),
  ).toEqual({
    name: "one",
    unit: "ms",
    value: 6,
    runs: 3,
    beside: { name: "another", value: 3 },
  });
  await expect(compare({ ...options, subject: failing })).rejects.toThrow("it did not pass");
});
