import { comeToRest } from "./come-to-rest.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { startCommand } from "./run-command.ts";
import { median } from "./statistics.ts";
import { canMeasureMemory } from "./tree-memory.ts";
import { passedText, saveWatched, WATCHED, watchCommand } from "./watched-exercise.ts";

/**
 * From a save to the verdict as `npm run watch` prints it. Before each save it waits until all its
 * processes are at rest; nothing where the system does not tell that.
 * @throws Error when a verdict was not that all behaviours hold
 */
export async function benchShownVerdict(options: BenchOptions): Promise<Figure[]> {
  const { solved, runs, onProgress } = options;
  if (!canMeasureMemory()) return [];
  const root = await solved();
  const passed = await passedText(root);
  await using watching = startCommand(watchCommand(root));
  await watching.see(passed);
  const times: number[] = [];
  for (let save = 0; save <= runs; save += 1) {
    await comeToRest(watching.pid);
    const from = watching.text().length;
    const began = performance.now();
    await saveWatched(root);
    await watching.see(passed, from);
    // The first one finds nothing in the caches.
    if (save > 0) times.push(performance.now() - began);
    onProgress(save, runs);
  }
  return [
    {
      name: `\`npm run watch ${WATCHED}\`, from a save after a pause to the verdict on the screen`,
      unit: "ms",
      value: median(times),
      runs,
    },
  ];
}
