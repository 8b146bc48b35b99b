import { BARE_APP_NAME, startBareApp } from "./bare-app.ts";
import { compare } from "./compare.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { timeCommand } from "./run-command.ts";

/**
 * `npm run lesson 1` until the first answer is on the screen, beside a bare app until it listens.
 * @throws Error when the lesson did not play clean, or the app did not start
 */
export async function benchLessonStart({
  solved,
  runs,
  onProgress,
}: BenchOptions): Promise<Figure[]> {
  const cwd = await solved();
  const lesson = { command: "npm", args: ["run", "lesson", "1"], cwd, until: /\b200 OK\b/ };
  const figure = await compare({
    name: "`npm run lesson 1`, from start to the first answer on the screen",
    besideName: `${BARE_APP_NAME}, from start to listening`,
    aim: { of: "ratio", most: 1.5 },
    runs,
    onProgress,
    subject: async (memory) => await timeCommand({ ...lesson, memory }),
    beside: async () => await startBareApp(cwd),
  });
  return [figure];
}
