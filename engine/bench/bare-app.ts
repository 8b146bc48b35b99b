import type { Measured } from "./measure-in-turn.ts";
import { type Command, startCommand } from "./run-command.ts";
import { timeFirstAnswer } from "./time-first-answer.ts";

/** What it is called in the figures. */
export const BARE_APP_NAME = "`node --import tsx` of a bare Express, session and Redis app";

/** Starts it until it listens. It is told of no Redis, and connects to none. */
export async function startBareApp(repository: string): Promise<Measured> {
  await using running = startCommand(bareApp(repository));
  return { durationMs: await running.see(/listening/) };
}

/** Starts it with a Redis that runs already, until its first request is answered. */
export async function askBareApp(repository: string, redisUrl: string): Promise<Measured> {
  const environment = { REDIS_URL: redisUrl };
  return await timeFirstAnswer({ ...bareApp(repository), environment, page: "/", status: 200 });
}

function bareApp(repository: string): Command {
  const args = ["--import", "tsx", "engine/bench/programs/bare-app.ts"];
  return { command: process.execPath, args, cwd: repository };
}
