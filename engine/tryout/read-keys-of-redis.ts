import type { RedisValue, StartedRedis } from "../redis/provide-redis.ts";
import { formatReply } from "../redis/cli/format-reply.ts";

export interface KeyInRedis {
  readonly name: string;
  readonly type: string;
  /** Undefined: it stays for ever. */
  readonly ttlMs: number | undefined;
  /** What is in it, in one line. */
  readonly value: string;
}

const READERS: Readonly<Record<string, (key: string) => readonly string[]>> = {
  string: (key) => ["GET", key],
  hash: (key) => ["HGETALL", key],
  list: (key) => ["LRANGE", key, "0", "20"],
  set: (key) => ["SMEMBERS", key],
  zset: (key) => ["ZRANGE", key, "0", "20", "WITHSCORES"],
  stream: (key) => ["XRANGE", key, "-", "+", "COUNT", "20"],
};
const MOST = 200;

/** The keys of database 0, by name; at most 200. */
export async function readKeysOfRedis(redis: StartedRedis): Promise<readonly KeyInRedis[]> {
  const names = new Set<string>();
  let cursor = "0";
  do {
    const [next, found] = (await redis.command("SCAN", cursor, "COUNT", "500")) as RedisValue[];
    cursor = String(next);
    for (const name of Array.isArray(found) ? found : []) names.add(String(name));
  } while (cursor !== "0" && names.size < MOST);
  const keys: KeyInRedis[] = [];
  for (const name of [...names].toSorted().slice(0, MOST)) {
    const type = String(await redis.command("TYPE", name));
    const ttl = Number(await redis.command("PTTL", name));
    const read = READERS[type];
    // Gone between the two looks.
    if (read === undefined) continue;
    const value = formatReply(await redis.command(...read(name)))
      .map((line) => line.trim())
      .join("  ");
    keys.push({ name, type, ttlMs: ttl < 0 ? undefined : ttl, value });
  }
  return keys;
}
