import type { RedisValue } from "../../redis/provide-redis.ts";
import type { KeyState, KitRedis } from "../kit.ts";
import type { StartedBoot } from "./start-boot.ts";

const READERS: Readonly<Record<string, (key: string) => readonly string[]>> = {
  string: (key) => ["GET", key],
  hash: (key) => ["HGETALL", key],
  list: (key) => ["LRANGE", key, "0", "-1"],
  set: (key) => ["SMEMBERS", key],
  zset: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
  stream: (key) => ["XRANGE", key, "-", "+"],
};

/**
 * The Redis of a boot, past its gates.
 * @param rest awaited before its keys are looked at
 */
export function readKitRedis(boot: StartedBoot, rest: () => Promise<void>): KitRedis {
  const { redis } = boot;
  const log = () => boot.gates.flatMap((gate) => gate.log.filter(({ handshake }) => !handshake));
  const look = async (database: number, name: string): Promise<KeyState | undefined> => {
    const [ofType, ofTtl] = await Promise.all([
      redis.command("TYPE", name),
      redis.command("PTTL", name),
    ]);
    const type = flatten(ofType).join("");
    const ttl = Number(flatten(ofTtl)[0]);
    const read = READERS[type]?.(name);
    if (read === undefined) return undefined;
    const texts = flatten(await redis.command(...read));
    return { name, database, type, ttlMs: ttl < 0 ? undefined : ttl, texts };
  };
  const keys = async (): Promise<KeyState[]> => {
    const info = flatten(await redis.command("INFO", "keyspace")).join("\n");
    const databases = [...info.matchAll(/^db(\d+):/gm)].map((match) => Number(match[1]));
    const found: KeyState[] = [];
    try {
      for (const database of databases) {
        await redis.command("SELECT", String(database));
        const names = flatten(await redis.command("KEYS", "*"));
        const states = await Promise.all(names.map(async (name) => await look(database, name)));
        found.push(...states.filter((state) => state !== undefined));
      }
    } finally {
      await redis.command("SELECT", "0");
    }
    return found;
  };
  return {
    command: async (...args) => await redis.command(...args),
    async keys() {
      await rest();
      return await keys();
    },
    sent: () => boot.gates.flatMap((gate) => gate.log.flatMap(({ args }) => args)),
    log,
    async size() {
      await rest();
      let bytes = 0;
      for (const { name, texts } of await keys()) {
        for (const text of [name, ...texts]) bytes += Buffer.byteLength(text);
      }
      return bytes;
    },
  };
}

function flatten(value: RedisValue): string[] {
  if (value === null) return [];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString("latin1")];
  if (value instanceof Map) return [...value].flatMap((pair) => pair.flatMap(flatten));
  if (Array.isArray(value)) return value.flatMap(flatten);
  return [String(value)];
}
