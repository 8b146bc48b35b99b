// What the measuring programs share.
import type { SessionData } from "express-session";
import { createClient } from "redis";
import { makeReaderOf } from "./readers.ts";

export const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";

/** Connected. */
export async function connect() {
  const client = createClient({ url: redisUrl });
  client.on("error", (error) => console.error("Redis:", error.message));
  return await client.connect();
}

/** A session which, as JSON, takes about so many KiB. */
export function sessionOf(kib: number): SessionData {
  const cookie = { originalMaxAge: 1_800_000, httpOnly: true, path: "/" };
  const bytes = kib * 1024 - JSON.stringify({ cookie, reader: null }).length;
  return { cookie, reader: makeReaderOf(bytes) } as unknown as SessionData;
}

/** Does it as often, and answers the milliseconds of the quickest time: what else the machine did is left out. */
export async function quickest(times: number, work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let time = 0; time < times; time += 1) {
    const begun = performance.now();
    await work();
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

/** Shows values as bars, each as a multiple of the first one. */
export function showRatios(title: string, values: Readonly<Record<string, number>>): void {
  const [first = 1] = Object.values(values);
  const bars = Object.entries(values).map(([label, value]) => [label, value / first]);
  console.log(JSON.stringify({ chart: { title, unit: "×", bars } }));
}
