import { provideRedis } from "../redis/provide-redis.ts";
import { askBareApp, BARE_APP_NAME } from "./bare-app.ts";
import { compare } from "./compare.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { timeFirstAnswer } from "./time-first-answer.ts";

/**
 * `npm start rate-limit` until the first request is answered, beside a bare app, whose Redis runs
 * already.
 * @throws Error when one of them did not start, or answered something else
 */
export async function benchAppStart({ solved, runs, onProgress }: BenchOptions): Promise<Figure[]> {
  const cwd = await solved();
  await using redis = await provideRedis({ purpose: "grading" });
  const start = { command: "npm", args: ["start", "rate-limit"], cwd };
  const figure = await compare({
    name: "`npm start rate-limit`, from start to the first request answered",
    besideName: `${BARE_APP_NAME}, the same`,
    runs,
    onProgress,
    // Nobody is signed in.
    subject: async () => await timeFirstAnswer({ ...start, page: "/me", status: 401 }),
    beside: async () => await askBareApp(cwd, redis.url),
  });
  return [figure];
}
