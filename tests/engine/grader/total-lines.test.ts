import stringWidth from "string-width";
import { expect, test } from "vitest";
import type { Report } from "../../../engine/grader/report.ts";
import { totalEnd, totalLine } from "../../../engine/terminal/report/total-lines.ts";
import { createStyle } from "../../../engine/terminal/style.ts";

const slugs = ["multi-step-form", "rate-limit"];
const report = (slug: string, verdict: Report["verdict"]): Report => ({
  version: 1,
  slug,
  folder: "",
  programs: ["app"],
  verdict,
  ...(verdict === "could-not-be-graded" ? { failure: { message: "It listens by itself." } } : {}),
  seed: 1,
  redis: "",
  results: [
    {
      number: 1,
      title: "A valid step is saved and leads to the next",
      part: 1,
      points: 100,
      passed: verdict === "pass",
    },
  ],
  parts: [],
  points: verdict === "pass" ? 100 : 0,
  maximumPoints: 100,
  diagnoses: [],
  durationMs: 1,
});
const reports = [report("multi-step-form", "fail"), report("rate-limit", "could-not-be-graded")];

function printed(columns: number): string[] {
  const terminal = {
    style: createStyle(false),
    isInteractive: false,
    columns: () => columns,
    rows: () => 24,
    write: () => {},
    writeLines: () => {},
  };
  const lines = reports.map((one) => totalLine(one, slugs, terminal));
  return [...lines, ...totalEnd(reports, terminal)].join("\n").split("\n");
}

test("several exercises in a narrow terminal: the reason has a line of its own", () => {
  expect(printed(40)).toMatchInlineSnapshot(`
    [
      "✗ multi-step-form  0 of 1      0 points",
      "  first: 1. A valid step is saved and l…",
      "✗ rate-limit       0 of 1      0 points",
      "  could not be graded: It listens by it…",
      "",
      "0 of 2 exercises pass: 0 of 200 points.",
      "Next: npm test multi-step-form",
    ]
  `);
});

test("in a wide one it stands behind the points", () => {
  expect(printed(80)).toMatchInlineSnapshot(`
    [
      "✗ multi-step-form  0 of 1      0 points  first: 1. A valid step is saved and le…",
      "✗ rate-limit       0 of 1      0 points  could not be graded: It listens by its…",
      "",
      "0 of 2 exercises pass: 0 of 200 points.",
      "Next: npm test multi-step-form",
    ]
  `);
});

test.each([40, 60, 80, 120])("no line is wider than %i columns", (columns) => {
  expect(printed(columns).filter((line) => stringWidth(line) > columns)).toEqual([]);
});
