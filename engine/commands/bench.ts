import { mkdir, writeFile } from "node:fs/promises";
import { arch, cpus, platform } from "node:os";
import path from "node:path";
import type { Comparison } from "../bench/compare.ts";
import { benchEmbeddedRedis } from "../bench/embedded-redis.ts";
import { benchGrading } from "../bench/grading.ts";
import { benchLessonStart } from "../bench/lesson-start.ts";
import { UserError } from "../errors.ts";

const repository = path.resolve(import.meta.dirname, "../..");

/**
 * `npm run bench [runs]`: ratios measured in one run, medians of at least 7, also as JSON in
 * `.workbook/bench.json`.
 * @throws UserError when the number of runs is not a whole number from 7
 */
export async function runBench(args: readonly string[]): Promise<number> {
  const runs = Number(args[0] ?? 7);
  if (!Number.isInteger(runs) || runs < 7) {
    throw new UserError(`The number of runs is a whole number from 7; this is "${args[0]}".`, {
      hint: "npm run bench 7",
    });
  }
  const figures: Comparison[] = [];
  for (const measure of [
    benchLessonStart,
    (...rest: [string, number, (done: number, all: number) => void]) =>
      benchGrading(rest[0], "rate-limit", rest[1], rest[2]),
    benchEmbeddedRedis,
  ]) {
    const measured = [await measure(repository, runs, showProgress)].flat();
    figures.push(...measured);
    for (const figure of measured) console.log(inWords(figure));
  }
  const file = path.join(repository, ".workbook", "bench.json");
  await mkdir(path.dirname(file), { recursive: true });
  const machine = {
    node: process.version,
    platform: platform(),
    arch: arch(),
    cores: cpus().length,
    date: new Date().toISOString(),
  };
  await writeFile(file, `${JSON.stringify({ version: 1, machine, figures }, null, 2)}\n`);
  console.log(`\nWritten to ${path.relative(repository, file)}`);
  return 0;
}

function showProgress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done}/${all} ${done === all ? "\r" : ""}`);
}

function inWords(figure: Comparison): string {
  const memory = figure.peakMiB === undefined ? "" : `, peak ${figure.peakMiB.toFixed(0)} MiB`;
  return [
    `${figure.name}: ${figure.ratio.toFixed(2)} × (aim ${figure.aim})`,
    `  ${figure.medianMs.toFixed(0)} ms${memory}; ${figure.baseline}: ${figure.baselineMedianMs.toFixed(0)} ms; medians of ${figure.runs}`,
  ].join("\n");
}
