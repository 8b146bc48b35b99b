import { benchAppStart } from "../bench/app-start.ts";
import { benchColdGrading } from "../bench/cold-grading.ts";
import { benchColdWatch } from "../bench/cold-watch.ts";
import { benchEmbeddedRedis } from "../bench/embedded-redis.ts";
import type { BenchOptions, Figure } from "../bench/figure.ts";
import { figureText } from "../bench/figure-text.ts";
import {
  FIGURES_FILE,
  keepFigures,
  type Measurement,
  writeFiguresTable,
} from "../bench/keep-figures.ts";
import { benchLessonStart } from "../bench/lesson-start.ts";
import { describeMachine, loadOfLastMinute, machineText } from "../bench/machine.ts";
import { benchShownVerdict } from "../bench/shown-verdict.ts";
import { type SolvedWorkbook, solvedWorkbook } from "../bench/solved-workbook.ts";
import { benchWarmWatch } from "../bench/warm-watch.ts";
import { benchWatchMemory } from "../bench/watch-memory.ts";
import { repository } from "../catalog/repository.ts";
import { LEAST_RUNS, readBenchWords } from "./read-bench-words.ts";

/** By the word that chooses it, in the order of the table. */
const MEASUREMENTS = {
  lesson: benchLessonStart,
  start: benchAppStart,
  test: benchColdGrading,
  watch: benchWarmWatch,
  shown: benchShownVerdict,
  cold: benchColdWatch,
  memory: benchWatchMemory,
  redis: benchEmbeddedRedis,
} satisfies Record<string, (options: BenchOptions) => Promise<Figure[]>>;
const WORDS = Object.keys(MEASUREMENTS) as (keyof typeof MEASUREMENTS)[];
/** More than this for each core: somebody else is at work. */
const QUIET_LOAD = 0.3;

/**
 * `npm run bench [names] [runs] [write]`: times as a person meets them, medians of at least 7 runs,
 * each beside a yardstick of the same minutes. Kept in `.workbook/bench.json`; `write` makes the table
 * of README.md of what is there.
 * @throws UserError for a word that it does not know
 */
export async function runBench(args: readonly string[]): Promise<number> {
  const { chosen, runs, write } = readBenchWords(args, WORDS);
  const machine = describeMachine();
  console.log(`${machineText(machine)}\n`);
  const load = loadOfLastMinute();
  if (load > QUIET_LOAD * machine.cores) {
    console.log(
      `This machine is busy (${load.toFixed(1)} programs wanted a processor in the last minute): the figures will be too high.\n`,
    );
  }
  const measured = await measure(chosen, runs);
  if (runs < LEAST_RUNS) {
    console.log(
      `\nA trial of ${runs}: nothing is kept. Figures are medians of ${LEAST_RUNS} at least.`,
    );
    return 0;
  }
  const kept = await keepFigures(repository, WORDS, measured);
  console.log(`\nKept in ${FIGURES_FILE}`);
  if (write) {
    await writeFiguresTable(repository, kept, { isAll: chosen.length === WORDS.length });
    console.log("The table of README.md is written anew.");
  }
  return 0;
}

/** Measures them one after the other, and prints what was found. */
async function measure(
  chosen: readonly (keyof typeof MEASUREMENTS)[],
  runs: number,
): Promise<Record<string, Measurement>> {
  let copy: Promise<SolvedWorkbook> | undefined;
  const solved = async () => (await (copy ??= solvedWorkbook(repository))).root;
  const measured: Record<string, Measurement> = {};
  try {
    for (const word of chosen) {
      const loadBefore = loadOfLastMinute();
      const onProgress = (done: number, all: number) => showProgress(`${word} ${done}/${all}`);
      const figures = await MEASUREMENTS[word]({ repository, solved, runs, onProgress });
      showProgress("");
      for (const figure of figures) console.log(figureText(figure));
      if (figures.length === 0) console.log(`${word}: cannot be measured on this machine.`);
      measured[word] = { measuredAt: new Date().toISOString(), loadBefore, figures };
    }
    return measured;
  } finally {
    await (await copy)?.[Symbol.asyncDispose]();
  }
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}
