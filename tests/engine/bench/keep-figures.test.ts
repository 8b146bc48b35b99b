import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { Figure } from "../../../engine/bench/figure.ts";
import {
  FIGURES_FILE,
  keepFigures,
  writeFiguresTable,
} from "../../../engine/bench/keep-figures.ts";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";

const WORDS = ["start", "watch"];
let root = "";

beforeEach(() => {
  const folder = createTemporaryFolder("bench-test");
  onTestFinished(folder.remove);
  root = folder.path;
});

function measurement(name: string) {
  const beside = { name: "another", value: 2 };
  const figure: Figure = { name, unit: "ms", value: 3, runs: 7, beside };
  return { measuredAt: "2026-11-25T14:00:00.000Z", loadBefore: 0.1, figures: [figure] };
}

async function namesKept(): Promise<string[]> {
  const kept = JSON.parse(await readFile(path.join(root, FIGURES_FILE), "utf8")) as {
    measurements: Record<string, { figures: { name: string; ratio: number }[] }>;
  };
  const figures = Object.values(kept.measurements).flatMap((one) => one.figures);
  expect(figures.map(({ ratio }) => ratio)).toEqual(figures.map(() => 1.5));
  return figures.map(({ name }) => name);
}

test("what is measured again takes the place of the older, in the order of the words", async () => {
  await keepFigures(root, WORDS, { watch: measurement("old save") });
  await keepFigures(root, WORDS, { start: measurement("start") });
  expect(await namesKept()).toEqual(["start", "old save"]);
  await keepFigures(root, WORDS, { watch: measurement("new save") });
  expect(await namesKept()).toEqual(["start", "new save"]);
  await keepFigures(root, ["watch"], {});
  expect(await namesKept()).toEqual(["new save"]);
});

test("figures of another machine, and a file that is broken, are dropped", async () => {
  await keepFigures(root, WORDS, { watch: measurement("here") });
  const file = path.join(root, FIGURES_FILE);
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/"cores": \d+/, '"cores": 999'));
  await keepFigures(root, WORDS, { start: measurement("start") });
  expect(await namesKept()).toEqual(["start"]);
  await writeFile(file, text.slice(0, 50));
  await keepFigures(root, WORDS, { watch: measurement("again") });
  expect(await namesKept()).toEqual(["again"]);
});

test("the table stands between its marks, and what is around them stays", async () => {
  const readme = path.join(root, "README.md");
  await mkdir(root, { recursive: true });
  await writeFile(readme, "before\n\n<!-- bench:start -->\nold\n<!-- bench:end -->\n\nafter\n");
  const kept = await keepFigures(root, WORDS, { watch: measurement("a save of $1 & $&") });
  await writeFiguresTable(root, kept);
  const text = await readFile(readme, "utf8");
  expect(text).toMatch(/^before\n\n<!-- bench:start -->\n\n\| what /);
  expect(text).toContain("| a save of $1 & $& | 3.0 ms | another: 2.0 ms (1.50 ×) |");
  expect(text).toMatch(/Node v[\d.]+\.\n\n<!-- bench:end -->\n\nafter\n$/);
  const names = async () =>
    [...(await readFile(readme, "utf8")).matchAll(/^\| (?!what|---)(.+?) \|/gm)].map(
      ([, name]) => name,
    );
  // Measured in another checkout: of this machine it stays, until all is measured.
  const other = { ...kept, measurements: { start: measurement("start") } };
  await writeFiguresTable(root, other);
  expect(await names()).toEqual(["a save of $1 & $&", "start"]);
  await writeFiguresTable(root, { ...other, machine: { ...kept.machine, cores: 999 } });
  expect(await names()).toEqual(["start"]);
  await writeFiguresTable(
    root,
    { ...kept, machine: { ...kept.machine, cores: 999 } },
    { isAll: true },
  );
  expect(await names()).toEqual(["a save of $1 & $&"]);
  await writeFile(readme, "nothing");
  await expect(writeFiguresTable(root, kept)).rejects.toThrow(
    "There is no <!-- bench:start --> with <!-- bench:end --> after it.",
  );
});
