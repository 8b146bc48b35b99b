import { expect, test } from "vitest";
import { compare } from "../../../engine/bench/compare.ts";
import { measureInTurn, summarise } from "../../../engine/bench/measure-in-turn.ts";

async function failing(): Promise<never> {
  throw new Error("it did not pass");
}

test("each is run once a round; the first does not count, the last one looks at the memory", async () => {
  const order: string[] = [];
  const progress: number[] = [];
  const run = (name: string) => async (memory: boolean) => {
    order.push(memory ? name.toUpperCase() : name);
    return { durationMs: order.length, ...(memory ? { peakMiB: 5 } : {}) };
  };
  const measured = await measureInTurn({ a: run("a"), b: run("b") }, 2, (done) =>
    progress.push(done),
  );
  expect(order.join("")).toBe("abababAB");
  expect(progress).toEqual([0, 1, 2, 3]);
  expect(measured).toEqual({
    a: {
      timed: [{ durationMs: 3 }, { durationMs: 5 }],
      looked: { durationMs: 7, peakMiB: 5 },
    },
    b: {
      timed: [{ durationMs: 4 }, { durationMs: 6 }],
      looked: { durationMs: 8, peakMiB: 5 },
    },
  });
  expect(summarise(measured.a)).toEqual({ unit: "ms", value: 4, runs: 2, peakMiB: 5 });
});

test("without a look at the memory the figure says nothing of it", () => {
  const looked = { durationMs: 9, peakMiB: undefined };
  expect(summarise({ timed: [{ durationMs: 1 }], looked })).toEqual({
    unit: "ms",
    value: 1,
    runs: 1,
  });
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
