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
  /** The programs cannot get at them now. */
  readonly outOfReach?: boolean;
}

const MOST_KEYS = 50;
const MOST_SCANNED = 2000;
/** Words of commands that are tried as names of keys. */
const MOST_TRIED = 200;
const LONGEST_VALUE = 400;
const MOST_ITEMS = "20";

interface KnownKey {
  readonly type: string;
  readonly value: string;
}

/** Looks at the keys, past the gates, and compares them with the look before. */
export class KeysViewer {
  readonly #redis: StartedRedis;
  readonly #labels: SessionLabels;
  /** Every key that was looked at and lived at the last look. */
  #known = new Map<string, KnownKey>();
  /** All that lived then, whether looked at or not; undefined when there were too many to see them all. */
  #living: ReadonlySet<string> | undefined = new Set();

  constructor(redis: StartedRedis, labels: SessionLabels) {
    this.#redis = redis;
    this.#labels = labels;
  }

  /**
   * Those first that commands have named since the last look, then those that were shown before: among many
   * keys, these are the ones that a lesson is about.
   * @param words arguments of these commands
   * @throws the error of the connection when Redis is gone
   */
  async view(words: readonly string[] = []): Promise<KeysView> {
    const scanned = await this.#scan();
    const isComplete = scanned.size < MOST_SCANNED;
    const tried = [...new Set(words)].slice(0, MOST_TRIED);
    const candidates = isComplete ? tried.filter((word) => scanned.has(word)) : tried;
    const known = [...this.#known.keys()].filter((name) => !isComplete || !scanned.has(name));
    const living = new Set([...scanned, ...(await this.#existing([...candidates, ...known]))]);
    const wanted = new Set([...candidates, ...this.#known.keys(), ...[...scanned].toSorted()]);
    const shown = [...wanted].filter((name) => living.has(name)).slice(0, MOST_KEYS);
    const looks = await Promise.all(shown.map(async (name) => await this.#look(name)));
    const present = looks.filter((look) => look !== undefined);
    const gone = [...this.#known].filter(([name]) => !living.has(name));
    for (const [name] of gone) this.#known.delete(name);
    for (const { key, value } of present) this.#known.set(key.name, { type: key.type, value });
    this.#living = isComplete ? living : undefined;
    const size =
      Number(await this.#redis.command("DBSIZE")) - (this.#redis.kind === "external" ? 1 : 0);
    const keys = [
      ...present.map(({ key }) => key),
      ...gone.map(([name, { type }]) =>
        this.#label({ name, type, ttlSeconds: undefined, value: "", change: "gone" }),
      ),
    ];
    return {
      keys: keys.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      moreKeys: Math.max(0, size - present.length),
    };
  }

  async #scan(): Promise<Set<string>> {
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
    return names;
  }

  /** Not to have come across a key is no proof that it is gone. */
  async #existing(names: readonly string[]): Promise<string[]> {
    const found = await Promise.all(
      names.map(async (name) => Number(await this.#redis.command("EXISTS", name)) > 0),
    );
    return names.filter((name, at) => found[at] === true && name !== LOCK_KEY);
  }

  async #look(name: string): Promise<{ key: KeyView; value: string } | undefined> {
    const [type, ttl] = await Promise.all([
      this.#redis.command("TYPE", name),
      this.#redis.command("PTTL", name),
    ]);
    if (type === "none") return undefined;
    const value = await this.#read(name, String(type));
    const change = this.#changeOf(name, value);
    const ttlSeconds = Number(ttl) < 0 ? undefined : Math.round(Number(ttl) / 1000);
    const shown = shorten(value);
    return {
      key: this.#label({ name, type: String(type), ttlSeconds, value: shown, change }),
      value,
    };
  }

  #changeOf(name: string, value: string): KeyView["change"] {
    const before = this.#known.get(name);
    if (before !== undefined) return before.value === value ? "same" : "changed";
    // Where nobody could see all keys, one that was not seen may have been there.
    return this.#living?.has(name) === false ? "new" : "same";
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
