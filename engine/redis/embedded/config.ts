import { matchesGlob } from "./glob.ts";
import { eventFlags, eventFlagsText } from "./keyspace-events.ts";
import { RedisError } from "./redis-error.ts";
import { readLong } from "./parse-arguments.ts";
import { bulk, MapReply, OK, type Reply } from "./reply.ts";

/** The settings that mean something here, with the values that are in force. */
export class Config {
  keyspaceEvents = new Set<string>();
  busyReplyThresholdMs = 5000;

  /** CONFIG GET: patterns, in any case. */
  get(patterns: readonly Buffer[]): Reply {
    const texts = patterns.map((pattern) => pattern.toString("latin1").toLowerCase());
    return new MapReply(
      Object.entries(this.#values())
        .filter(([name]) => texts.some((text) => matchesGlob(text, name)))
        .map(([name, value]) => [bulk(name), bulk(value)]),
    );
  }

  /** CONFIG SET: all or nothing. */
  set(pairs: readonly Buffer[]): Reply {
    if (pairs.length % 2 === 1) {
      throw new RedisError("ERR wrong number of arguments for 'config|set' command");
    }
    const changes: (() => void)[] = [];
    const names = new Set<string>();
    for (let at = 0; at < pairs.length; at += 2) {
      const name = pairs[at]?.toString("latin1") ?? "";
      if (names.has(name.toLowerCase())) throw failed(name, "duplicate parameter");
      names.add(name.toLowerCase());
      changes.push(this.#change(name, pairs[at + 1] ?? Buffer.alloc(0)));
    }
    for (const change of changes) change();
    return OK;
  }

  #change(name: string, value: Buffer): () => void {
    const lower = name.toLowerCase();
    if (lower === "notify-keyspace-events") {
      const flags = eventFlags(value.toString("latin1"));
      if (!flags) throw failed(name, "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
      return () => {
        this.keyspaceEvents = flags;
      };
    }
    if (lower === "busy-reply-threshold" || lower === "lua-time-limit") {
      const ms = readLong(value);
      if (ms === undefined) throw failed(name, "argument couldn't be parsed into an integer");
      return () => {
        this.busyReplyThresholdMs = Number(ms);
      };
    }
    const known = this.#values()[lower];
    if (known === undefined) {
      throw new RedisError(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
    }
    if (lower === "databases") throw failed(name, "can't set immutable config");
    if (known === value.toString("latin1")) return () => {};
    throw failed(name, "the embedded Redis cannot change it");
  }

  #values(): Record<string, string> {
    return {
      databases: "16",
      maxmemory: "0",
      "maxmemory-policy": "noeviction",
      save: "",
      appendonly: "no",
      "proto-max-bulk-len": "536870912",
      "busy-reply-threshold": String(this.busyReplyThresholdMs),
      "lua-time-limit": String(this.busyReplyThresholdMs),
      "notify-keyspace-events": eventFlagsText(this.keyspaceEvents),
      timeout: "0",
      maxclients: "10000",
      requirepass: "",
      "maxmemory-clients": "0",
      "maxmemory-eviction-tenacity": "10",
      "maxmemory-samples": "5",
      "client-output-buffer-limit":
        "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60",
      "list-max-listpack-size": "-2",
      "hash-max-listpack-entries": "512",
      "hash-max-ziplist-entries": "512",
      "hash-max-listpack-value": "64",
      "set-max-intset-entries": "512",
      "zset-max-listpack-entries": "128",
      "zset-max-listpack-value": "64",
      "hll-sparse-max-bytes": "3000",
      "stream-node-max-bytes": "4096",
      "stream-node-max-entries": "100",
    };
  }
}

function failed(name: string, reason: string): RedisError {
  return new RedisError(
    `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`,
  );
}
