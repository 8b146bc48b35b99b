// Reads a session 500 times, 20 at the same moment, over connections of three kinds.
import { RedisStore } from "connect-redis";
import { createClient, createClientPool } from "redis";
import { connect, quickest, redisUrl, sessionOf, showRatios } from "./measure.ts";

const url = redisUrl;
const client = await connect();
await new RedisStore({ client, prefix: "one:" }).set("reader", sessionOf(0.5));

// #region pool
const pool = createClientPool({ url }, { minimum: 1, maximum: 10 });
pool.on("error", (error) => console.error("Redis:", error.message));
await pool.connect();
// #endregion

// #region kinds
const onOne = new RedisStore({ client, prefix: "one:" });
const onPool = new RedisStore({ client: pool, prefix: "one:" });

const kinds: Record<string, () => Promise<unknown>> = {
  "one connection": async () => await onOne.get("reader"),
  "a pool of 10": async () => await onPool.get("reader"),
  "one for each request": async () => {
    const own = createClient({ url });
    own.on("error", (error) => console.error("Redis:", error.message));
    await own.connect();
    await new RedisStore({ client: own, prefix: "one:" }).get("reader");
    await own.close();
  },
};
// #endregion

const times: Record<string, number> = {};
for (const [label, read] of Object.entries(kinds)) {
  const before = await countConnections();
  const ms = await quickest(5, async () => {
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 20 }, async () => await read()));
    }
  });
  times[label] = ms;
  const opened = (await countConnections()) - before;
  console.log(`${label}: ${opened} opened for 500 reads, ${ms.toFixed(1)} ms for 100 of them`);
}
const failure = await onPool.ids().then(String, (error: Error) => error.message);
console.log(`store.ids() on the pool: ${failure}`);
showRatios("Time for 100 reads", times);
await client.unlink("one:reader");
client.destroy();
pool.destroy();

/** Connections that Redis has accepted so far. */
async function countConnections(): Promise<number> {
  const info = await client.info("stats");
  return Number(/total_connections_received:(\d+)/.exec(info)?.[1]);
}
