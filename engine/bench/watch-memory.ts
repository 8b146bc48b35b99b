import { waitUntil } from "../process/deadline.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { startCommand } from "./run-command.ts";
import { median } from "./statistics.ts";
import { canMeasureMemory, treeMemoryMiB, treeWorkMs, watchPeakMemory } from "./tree-memory.ts";
import { passedText, saveWatched, WATCHED, watchCommand } from "./watched-exercise.ts";

const IDLE_DEADLINE_MS = 60_000;
/** Idle is who works less than this in that time. */
const IDLE_WORK_MS = 10;
const IDLE_MS = 500;

/**
 * The memory of `npm run watch`, npm and all other processes of it among them: at rest after a
 * verdict, and at most from a save to its verdict. Nothing where the system does not tell it.
 * @throws Error when a verdict was not that all behaviours hold, or it did not come to rest
 */
export async function benchWatchMemory({
  solved,
  runs,
  onProgress,
}: BenchOptions): Promise<Figure[]> {
  if (!canMeasureMemory()) return [];
  const root = await solved();
  const passed = await passedText(root);
  await using watching = startCommand(watchCommand(root));
  await watching.see(passed);
  const atRest: number[] = [];
  const peaks: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    await comeToRest(watching.pid);
    atRest.push(await treeMemoryMiB(watching.pid));
    const from = watching.text().length;
    const memory = watchPeakMemory(watching.pid);
    await saveWatched(root);
    await watching.see(passed, from);
    peaks.push((await memory.stop()) ?? 0);
    onProgress(run, runs);
  }
  const figure = (what: string, values: readonly number[]): Figure => ({
    name: `\`npm run watch ${WATCHED}\`, memory of all its processes ${what}`,
    unit: "MiB",
    value: median(values),
    runs,
    peakMiB: Math.max(...values),
  });
  return [figure("at rest after a verdict", atRest), figure("at most during a run", peaks)];
}

/** What is to be ready for the next save has been started. */
async function comeToRest(pid: number): Promise<void> {
  let since = performance.now();
  let worked = await treeWorkMs(pid);
  const isIdle = await waitUntil(async () => {
    const now = await treeWorkMs(pid);
    // Less: a process has ended.
    if (Math.abs(now - worked) > IDLE_WORK_MS) {
      worked = now;
      since = performance.now();
    }
    return performance.now() - since > IDLE_MS;
  }, IDLE_DEADLINE_MS);
  if (!isIdle) throw new Error(`The watch did not come to rest within ${IDLE_DEADLINE_MS} ms`);
}
