import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { printDiff } from "../../../engine/terminal/diff/print-diff.ts";
import { createStyle } from "../../../engine/terminal/style.ts";
import type { Terminal } from "../../../engine/terminal/terminal.ts";
import { copyWorkbook } from "./copy-workbook.ts";
import { runWorkbook } from "./run-workbook.ts";

const left = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", ""];
const right = [
  "one",
  "two",
  "three",
  "four",
  "FIVE",
  "and a half",
  "six",
  "seven",
  "eight",
  "nine",
];
const file = { name: "app.txt", left: left.join("\n"), right: `${right.join("\n")}\n` };
const names = { left: "yours", right: "theirs" };

function terminal(columns: number): Terminal {
  return {
    style: createStyle(false),
    isInteractive: false,
    columns: () => columns,
    rows: () => 24,
    write: () => {},
    writeLines: () => {},
  };
}

test("a narrow comparison is unified, with what is far from a change left out", () => {
  expect(printDiff([file], names, terminal(80)).join("\n")).toBe(
    [
      "app.txt",
      "--- yours",
      "+++ theirs",
      "   …",
      "   2   two",
      "   3   three",
      "   4   four",
      "   5 - five",
      "   5 + FIVE",
      "   6 + and a half",
      "   7   six",
      "   8   seven",
      "   9   eight",
      "   …",
      "",
    ].join("\n"),
  );
});

test("a wide comparison is side by side, and no line is wider than the terminal", () => {
  const lines = printDiff([file], names, terminal(120));
  expect(lines).toContain(`   5 - five${" ".repeat(58 - 11)} │    5 + FIVE`);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
});

test("before it has passed, diff shows nothing without a yes; an update shows what has changed in the starter", async () => {
  await using copy = copyWorkbook();
  const refused = await runWorkbook(copy.root, ["diff", "rate-limit"]);
  expect(refused).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "rate-limit has not passed yet, and this shows the whole solution.\nNext: npm run hint rate-limit, or npm run diff rate-limit yes\n",
  });
  const shown = await runWorkbook(copy.root, ["diff", "rate-limit", "yes"]);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain("+++ solutions/rate-limit");
  expect(shown.stdout).toContain("Why it is made like that: solutions/rate-limit/README.md");

  await runWorkbook(copy.root, ["update", "rate-limit"]);
  const starter = copy.at("tests/exercises/rate-limit/starter/app.ts");
  const mine = readFileSync(copy.at("exercises/rate-limit/app.ts"), "utf8");
  writeFileSync(starter, `${readFileSync(starter, "utf8")}// A new last line.\n`);
  const update = await runWorkbook(copy.root, ["update", "rate-limit"]);
  expect(update.stdout).toMatch(/\+ \/\/ A new last line\./);
  expect(update.stdout).toContain("Your work in exercises/rate-limit has not been touched");
  expect(readFileSync(copy.at("exercises/rate-limit/app.ts"), "utf8")).toBe(mine);

  await runWorkbook(copy.root, ["update", "rate-limit", "done"]);
  const again = await runWorkbook(copy.root, ["update", "rate-limit"]);
  expect(again.stdout).toBe("The starter of rate-limit is still the one that you began with.\n");
});
