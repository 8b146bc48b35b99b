// The connection to Redis, as all programs of the shop open it.
import { createClient, type RedisClientOptions } from "redis";

export const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";

// #region connect
/** A connection that tells Redis its name, and each kind of trouble once. Connected. */
export async function connect(name: string, options: RedisClientOptions = {}) {
  const client = createClient({ url: redisUrl, name, ...options });
  const told = new Set<string>();
  client.on("ready", () => told.clear());
  client.on("error", ({ message }: Error) => {
    const kind = message.replaceAll(/\d+/g, "");
    if (!told.has(kind)) console.error("Redis:", message);
    told.add(kind);
  });
  return await client.connect();
}
// #endregion

/** What `connect` gives. */
export type Client = Awaited<ReturnType<typeof connect>>;
