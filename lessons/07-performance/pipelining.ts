// Reads 500 sessions: one after the other, all at once, and in one command.
import { connect, quickest, sessionOf, showRatios } from "./measure.ts";

const client = await connect();
const keys = Array.from({ length: 500 }, (_, at) => `shelf:${at}`);
const text = JSON.stringify(sessionOf(0.5));
await Promise.all(keys.map(async (key) => await client.set(key, text)));

// #region ways
const ways: Record<string, () => Promise<unknown>> = {
  "one after the other": async () => {
    for (const key of keys) await client.get(key);
  },
  pipelined: async () => await Promise.all(keys.map(async (key) => await client.get(key))),
  MGET: async () => await client.mGet(keys),
};
// #endregion

const times: Record<string, number> = {};
for (const [label, read] of Object.entries(ways)) {
  times[label] = await quickest(5, read);
  console.log(`${label}: ${times[label].toFixed(1)} ms`);
}
showRatios("Time for 500 reads", times);
await client.unlink(keys);
client.destroy();
