import type { RedisValue, StartedRedis } from "../../redis/provide-redis.ts";
import { LOCK_KEY } from "../../redis/use-external-redis.ts";
import type { KeyView } from "../lesson-event.ts";
import type { SessionLabels } from "./session-labels.ts";

/** The keys of a Redis at one moment, for people. */
export interface KeysView {
  readonly keys: readonly KeyView[];
  readonly moreKeys: number;
  /** Of a topology: `on redis2, the primary`. */
  readonly place?: string;
  /** Why nothing can be seen: `no primary answers`. */
  readonly unseen?: string;
}

const MOST_KEYS = 50;
const MOST_SCANNED = 2000;
const LONGEST_VALUE = 200;
const MOST_ITEMS = "20";

/** Looks at the keys, past the gates, and compares them with the look before. */
export class KeysViewer {
  readonly #redis: StartedRedis;
  readonly #labels: SessionLabels;
  #before = new Map<string, { type: string; value: string }>();
  readonly #now = new Map<string, { type: string; value: string }>();

  constructor(redis: StartedRedis, labels: SessionLabels) {
    this.#redis = redis;
    this.#labels = labels;
  }

  /** @throws the error of the connection when Redis is gone */
  async view(): Promise<KeysView> {
    const names = await this.#scan();
    const shown = names.slice(0, MOST_KEYS);
    const keys = await Promise.all(shown.map(async (name) => await this.#look(name)));
    const present = keys.filter((key) => key !== undefined);
    const living = new Set(names);
    const gone: KeyView[] = [...this.#before]
      .filter(([name]) => !living.has(name))
      .map(([name, { type }]) =>
        this.#label({ name, type, ttlSeconds: undefined, value: "", change: "gone" }),
      );
    this.#before = new Map(
      shown.flatMap((name) => {
        const now = this.#now.get(name);
        return now === undefined ? [] : [[name, now] as const];
      }),
    );
    this.#now.clear();
    const size =
      Number(await this.#redis.command("DBSIZE")) - (this.#redis.kind === "external" ? 1 : 0);
    return {
      keys: [...present, ...gone].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      moreKeys: Math.max(0, size - present.length),
    };
  }

  async #scan(): Promise<string[]> {
    const names = new Set<string>();
    let cursor = "0";
    do {
      const page = await this.#redis.command("SCAN", cursor, "COUNT", "1000");
      const [next, keys] = Array.isArray(page) ? page : [];
      cursor = String(next ?? "0");
      for (const key of Array.isArray(keys) ? keys : []) {
        if (typeof key === "string" && key !== LOCK_KEY) names.add(key);
      }
    } while (cursor !== "0" && names.size < MOST_SCANNED);
    return [...names].toSorted();
  }

  async #look(name: string): Promise<KeyView | undefined> {
    const [type, ttl] = await Promise.all([
      this.#redis.command("TYPE", name),
      this.#redis.command("PTTL", name),
    ]);
    if (type === "none") return undefined;
    const text = await this.#read(name, String(type));
    this.#now.set(name, { type: String(type), value: text });
    const before = this.#before.get(name);
    const change = before === undefined ? "new" : before.value === text ? "same" : "changed";
    const ttlSeconds = Number(ttl) < 0 ? undefined : Math.round(Number(ttl) / 1000);
    return this.#label({ name, type: String(type), ttlSeconds, value: shorten(text), change });
  }

  async #read(name: string, type: string): Promise<string> {
    const { command } = this.#redis;
    switch (type) {
      case "string":
        return show(await command("GETRANGE", name, "0", String(4 * LONGEST_VALUE)));
      case "hash":
        return pairs(await command("HSCAN", name, "0", "COUNT", MOST_ITEMS), ": ");
      case "list":
        return items(await command("LRANGE", name, "0", MOST_ITEMS));
      case "set":
        return items(second(await command("SSCAN", name, "0", "COUNT", MOST_ITEMS)));
      case "zset":
        return pairs(await command("ZSCAN", name, "0", "COUNT", MOST_ITEMS), " → ");
      case "stream": {
        const entries = Number(await command("XLEN", name));
        return `${entries} ${entries === 1 ? "entry" : "entries"}`;
      }
      default:
        return "";
    }
  }

  #label(key: KeyView): KeyView {
    const session = this.#labels.find(key.name);
    return session === undefined ? key : { ...key, session };
  }
}

function second(reply: RedisValue): RedisValue {
  return Array.isArray(reply) ? (reply[1] ?? null) : null;
}

function items(reply: RedisValue): string {
  return (Array.isArray(reply) ? reply : []).map(show).join(", ");
}

function pairs(scanned: RedisValue, between: string): string {
  const flat = second(scanned);
  const list = Array.isArray(flat) ? flat : [];
  const parts: string[] = [];
  for (let at = 0; at + 1 < list.length; at += 2) {
    parts.push(`${show(list[at] ?? null)}${between}${show(list[at + 1] ?? null)}`);
  }
  return parts.join(", ");
}

function show(value: RedisValue): string {
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  return String(value);
}

/** One line; tabs and line ends would break a table. */
function shorten(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replaceAll(/[\u0000-\u001f\u007f]+/g, " ");
  const characters = [...line];
  return characters.length > LONGEST_VALUE
    ? `${characters.slice(0, LONGEST_VALUE - 1).join("")}…`
    : line;
}
