import { expect, test } from "vitest";
import { type Figure, judgeFigure, ratioOf } from "../../../engine/bench/figure.ts";
import { figuresTable, figureText } from "../../../engine/bench/figure-text.ts";
import type { KeptFigures } from "../../../engine/bench/keep-figures.ts";

const grading: Figure = {
  name: "`npm test solutions/rate-limit`, cold",
  unit: "ms",
  value: 1234.5,
  runs: 7,
  beside: { name: "`vitest`", value: 617.25 },
  peakMiB: 187.6,
  aim: { of: "ratio", most: 1.5, limit: 3 },
};
const saving: Figure = {
  name: "a save",
  unit: "ms",
  value: 301,
  percentile95: 402.2,
  runs: 30,
  aim: { of: "value", most: 300 },
};
const memory: Figure = { name: "memory", unit: "MiB", value: 450.4, peakMiB: 460, runs: 7 };
const kept: KeptFigures = {
  version: 2,
  machine: {
    node: "v20.20.2",
    system: "Linux 6.1.0",
    arch: "x64",
    cores: 2,
    processor: "EPYC",
    memoryGiB: 8,
  },
  measurements: {
    test: { measuredAt: "2026-11-25T14:00:00.000Z", loadBefore: 0.1, figures: [grading] },
    watch: { measuredAt: "2026-11-26T00:30:00.000Z", loadBefore: 0.1, figures: [saving, memory] },
  },
};

test("the table has a row for each figure, and says the machine", () => {
  expect(figuresTable(kept)).toBe(
    [
      "| what | median | beside it | aim | met | runs | measured on |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      "| `npm test solutions/rate-limit`, cold | 1235 ms (memory at most 188 MiB) | `vitest`: 617 ms (2.00 ×) | 1.5 ×, at most 3 × | within the limit | 7 | 2026-11-25 |",
      "| a save | 301 ms (95 % within 402 ms) |  | 300 ms | missed | 30 | 2026-11-26 |",
      "| memory | 450 MiB (at most 460 MiB) |  |  |  | 7 | 2026-11-26 |",
      "",
      "The machine: 2 cores (EPYC), 8 GiB, Linux 6.1.0 x64, Node v20.20.2.",
    ].join("\n"),
  );
});

test("a figure in a terminal says the same", () => {
  expect(figureText(grading)).toBe(
    "npm test solutions/rate-limit, cold\n  1235 ms (memory at most 188 MiB); beside it vitest: 617 ms (2.00 ×); aim 1.5 ×, at most 3 ×: within the limit; runs: 7",
  );
  expect(figureText(memory)).toBe("memory\n  450 MiB (at most 460 MiB); runs: 7");
  expect(figureText({ ...memory, value: 3.456 })).toContain("3.5 MiB");
});

test("an aim is met, missed, or missed within the limit", () => {
  expect(ratioOf(grading)).toBe(2);
  expect(judgeFigure(grading)).toBe("within the limit");
  expect(judgeFigure({ ...grading, value: 1.5 * 617.25 })).toBe("met");
  expect(judgeFigure({ ...grading, value: 3.01 * 617.25 })).toBe("missed");
  expect(judgeFigure(saving)).toBe("missed");
  expect(judgeFigure({ ...saving, value: 300 })).toBe("met");
  expect(judgeFigure(memory)).toBeUndefined();
});
