import { expect, test } from "vitest";
import { median, percentile95 } from "../../../engine/bench/statistics.ts";

test("the median is the middle value, of an even number of values the mean of the two in the middle", () => {
  expect(median([9])).toBe(9);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow("median of nothing");
});

test("95 % of the values do not exceed the 95th percentile", () => {
  const values = Array.from({ length: 30 }, (_, at) => 30 - at);
  expect(percentile95(values)).toBe(29);
  expect(percentile95(Array.from({ length: 100 }, (_, at) => at + 1))).toBe(95);
  expect(percentile95([7])).toBe(7);
  expect(() => percentile95([])).toThrow("percentile of nothing");
});
