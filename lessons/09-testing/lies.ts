// Four commands, sent by the same client library to ioredis-mock and to a real Redis.
import { Redis } from "ioredis";
import RedisMock from "ioredis-mock";

type Client = Pick<Redis, "call" | "set" | "ttl" | "incr" | "expire" | "hset" | "del">;

// #region cases
const cases: Record<string, (redis: Client) => Promise<unknown>> = {
  "SET k v ex 60, then TTL k": async (redis) => {
    await redis.set("k", "v", "ex" as "EX", 60);
    return await redis.ttl("k");
  },
  "INCR of a text": async (redis) => {
    await redis.set("k", "Ada");
    return await redis.incr("k");
  },
  "EXPIRE k 5 NX of a key that has 100 s": async (redis) => {
    await redis.set("k", "v", "EX", 100);
    await redis.expire("k", 5, "NX");
    return await redis.ttl("k");
  },
  "HSET of a text": async (redis) => {
    await redis.set("k", "v");
    return await redis.hset("k", "field", "value");
  },
};
// #endregion

const mock = new RedisMock() as unknown as Client & { disconnect(): void };
const real = new Redis(process.env.REDIS_URL ?? "redis://127.0.0.1:6379", { keyPrefix: "lies:" });
for (const [name, run] of Object.entries(cases)) {
  console.log(name);
  for (const [where, redis] of [
    ["mock ", mock],
    ["Redis", real],
  ] as const) {
    await redis.del("k");
    const answer = await run(redis).catch((error: Error) => `error: ${error.message}`);
    console.log(`  ${where} → ${String(answer)}`);
  }
}
await real.del("k");
real.disconnect();
mock.disconnect();
