import type { BenchOptions, Figure } from "./figure.ts";
import { startCommand } from "./run-command.ts";
import { comeToRest } from "./come-to-rest.ts";
import { median } from "./statistics.ts";
import { canMeasureMemory, treeMemoryMiB, watchPeakMemory } from "./tree-memory.ts";
import { passedText, saveWatched, WATCHED, watchCommand } from "./watched-exercise.ts";

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
