import { compare, type Comparison } from "./compare.ts";
import { timeCommand } from "./measure.ts";

/**
 * `npm run lesson 1` until the first answer is on the screen, against a bare start of an Express,
 * session and redis app under tsx.
 * @throws Error when the lesson did not play clean, or the app did not start
 */
export async function benchLessonStart(
  repository: string,
  runs: number,
  progress: (done: number, all: number) => void,
): Promise<Comparison> {
  return compare({
    name: "npm run lesson 1, to the first answer",
    baselineName: "node --import tsx, a bare Express, session and redis app",
    aim: "1.5",
    runs,
    progress,
    subject: async () => {
      const run = await timeCommand({
        command: "npm",
        args: ["run", "lesson", "1"],
        cwd: repository,
        until: /\b200 OK\b/,
        memory: true,
      });
      if (run.exitCode !== 0) throw new Error(`lesson 1 exited ${run.exitCode}:\n${run.output}`);
      return run;
    },
    baseline: async () => {
      const run = await timeCommand({
        command: process.execPath,
        args: ["--import", "tsx", "engine/bench/programs/bare-app.ts"],
        cwd: repository,
        until: /listening/,
      });
      if (run.exitCode !== 0)
        throw new Error(`the bare app exited ${run.exitCode}:\n${run.output}`);
      return run;
    },
  });
}
