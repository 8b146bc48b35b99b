import { EMPTY_SUITE_NAME, runEmptySuite } from "./cold-grading.ts";
import { compare } from "./compare.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { startCommand } from "./run-command.ts";
import { passedText, WATCHED, watchCommand } from "./watched-exercise.ts";

/**
 * `npm run watch` from its start to the first verdict.
 * @throws Error when the verdict was not that all behaviours hold
 */
export async function benchColdWatch({
  solved,
  runs,
  onProgress,
}: BenchOptions): Promise<Figure[]> {
  const root = await solved();
  const passed = await passedText(root);
  const figure = await compare({
    name: `\`npm run watch ${WATCHED}\`, from start to the first verdict`,
    besideName: EMPTY_SUITE_NAME,
    runs,
    onProgress,
    subject: async () => {
      await using watching = startCommand(watchCommand(root));
      return { durationMs: await watching.see(passed) };
    },
    beside: async () => await runEmptySuite(root),
  });
  return [figure];
}
