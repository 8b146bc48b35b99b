import path from "node:path";
import type { Report } from "../grader/report.ts";
import { startWarmGrader } from "../grader/watch/warm-grader.ts";
import { withDeadline } from "../process/deadline.ts";
import { deferred } from "../process/deferred.ts";
import { fingerprintFolder } from "../work/fingerprint-folder.ts";
import { watchFolder } from "../work/watch-folder.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { median, percentile95 } from "./statistics.ts";
import { saveWatched, WATCHED } from "./watched-exercise.ts";

const VERDICT_DEADLINE_MS = 60_000;
/** Of a learner at work; a trial of fewer than seven runs has fewer saves too. */
const SAVES = 30;
const LEAST_RUNS = 7;

/**
 * From a save to the verdict, with the parts that `npm run watch` is made of: the watcher of the
 * folder, and the grader that has processes and a Redis ready. Before each save it waits until
 * they are ready again, as they are after a learner's pause. The check that failed last time is
 * another one at each save.
 * @throws Error when a verdict was not that every check holds
 */
export async function benchWarmWatch(options: BenchOptions): Promise<Figure[]> {
  const { repository, solved, runs, onProgress } = options;
  const root = await solved();
  const folder = path.join(root, "exercises", WATCHED);
  const saves = runs < LEAST_RUNS ? runs : Math.max(SAVES, runs);
  const verdicts: number[] = [];
  const firsts: number[] = [];
  await using grader = startWarmGrader({ repository, slug: WATCHED, folder });
  let change = deferred<void>();
  await using watched = await watchFolder(folder, { onChange: () => change.resolve() });

  let numbers: number[] = [];
  for (let save = 0; save <= saves; save += 1) {
    await grader.ready();
    change = deferred();
    const first = numbers[save % (numbers.length || 1)];
    let firstMs: number | undefined;
    const began = performance.now();
    await saveWatched(root);
    const verdict = change.promise.then(async () => {
      const before = await fingerprintFolder(folder);
      const report = await grader.grade({
        first,
        onEvent: ({ number }) => {
          if (number === first) firstMs = performance.now() - began;
        },
      });
      // What the watch does, so that no verdict of older code is shown.
      if ((await fingerprintFolder(folder)) !== before || watched.fingerprint !== before) {
        throw new Error("Saved by somebody else meanwhile");
      }
      return report;
    });
    const report = await withDeadline(verdict, VERDICT_DEADLINE_MS, "The verdict of a save");
    const verdictMs = performance.now() - began;
    numbers = assertPassed(report);
    onProgress(save, saves);
    // The first one finds nothing in the caches.
    if (save === 0) continue;
    verdicts.push(verdictMs);
    if (firstMs === undefined) throw new Error(`check ${first} told no result`);
    firsts.push(firstMs);
  }
  const figure = (what: string, values: readonly number[]): Figure => ({
    name: `\`npm run watch ${WATCHED}\`, from a save after a pause to ${what}`,
    unit: "ms",
    value: median(values),
    percentile95: percentile95(values),
    runs: saves,
  });
  return [
    { ...figure("the whole verdict", verdicts), aim: { of: "value", most: 300 } },
    figure("the check that failed last time", firsts),
  ];
}

/** Answers the numbers of the checks. */
function assertPassed(report: Report | undefined): number[] {
  if (report === undefined) throw new Error("The run was called off");
  const failed = report.results.filter(({ passed }) => !passed);
  if (report.verdict !== "pass" || failed.length > 0 || report.results.length === 0) {
    const which = failed.map(({ number, failure }) => `${number}: ${failure?.why}`).join("; ");
    throw new Error(`The solution's verdict is ${report.verdict}. ${which}`);
  }
  return report.results.map(({ number }) => number);
}
