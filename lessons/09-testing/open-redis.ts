// A real Redis for one test: keys with a prefix that no other test has, and nothing left behind.
import { randomUUID } from "node:crypto";
import { createClient } from "redis";

// #region open
export async function openRedis() {
  const prefix = `test:${randomUUID()}:`;
  const client = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
  client.on("error", () => {});
  await client.connect();

  const keys = async () => {
    const found: string[] = [];
    for await (const some of client.scanIterator({ MATCH: `${prefix}*` })) found.push(...some);
    return found;
  };
  return {
    client,
    prefix,
    keys,
    async [Symbol.asyncDispose]() {
      // A test may have ended the client: then another one cleans up.
      const cleaner = client.isReady ? client : await client.duplicate().connect();
      cleaner.on("error", () => {});
      for await (const some of cleaner.scanIterator({ MATCH: `${prefix}*` })) {
        if (some.length > 0) await cleaner.del(some);
      }
      cleaner.destroy();
    },
  };
}
// #endregion
