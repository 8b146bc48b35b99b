/** A mistake that somebody could make, as a change of one line of engine/redis/embedded. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  /** The transcript in which one would look for it first. */
  readonly transcript: string;
  /** Is there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Each of them must be found by the transcripts or by random programs. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: "EXPIRE GT sets an expiry on a key that has none",
    file: "families/expiry.ts",
    transcript: "keys",
    find: "current === undefined || atMs <= current",
    replace: "current !== undefined && atMs <= current",
  },
  {
    name: "RENAME loses the expiry",
    file: "families/keys.ts",
    transcript: "keys",
    find: "  context.set(to, entry.value, entry.expiresAtMs);",
    replace: "  context.set(to, entry.value);",
  },
  {
    name: "WATCH does not stop EXEC",
    file: "families/transactions.ts",
    transcript: "transactions",
    find: "if (spoiled) return NIL_ARRAY;",
    replace: "",
  },
  {
    name: "PX takes seconds",
    file: "expiry-options.ts",
    transcript: "strings",
    find: 'unit === "s" ? value * 1000n : value',
    replace: "unit.length > 0 ? value * 1000n : value",
  },
  {
    name: "scripts round numbers instead of cutting them",
    file: "scripting/lua-reply.ts",
    transcript: "scripts",
    find: "const whole = Math.trunc(value);",
    replace: "const whole = Math.round(value);",
  },
  {
    name: "HSETNX overwrites",
    file: "families/hashes.ts",
    transcript: "hashes",
    find: "if (field(context, args)) return 0;",
    replace: "if (field(context, args)?.length === 0) return 0;",
  },
  {
    name: "a hash stays when its last field has gone",
    file: "families/hashes.ts",
    transcript: "hashes",
    find: "if (hash.size === 0) context.delete(name);",
    replace: "",
  },
  {
    name: "SMOVE leaves the member behind",
    file: "families/sets.ts",
    transcript: "sets",
    find: "if (!source.members.delete(member)) return 0;",
    replace: "if (!source.members.has(member)) return 0;",
  },
  {
    name: "ZADD LT raises scores",
    file: "families/sorted-sets.ts",
    transcript: "sorted-sets",
    find: "|| (lt && after >= before)",
    replace: "",
  },
  {
    name: "LREM with a negative count begins at the head",
    file: "families/lists.ts",
    transcript: "lists",
    find: "list.items.toReversed().filter(stays).toReversed()",
    replace: "list.items.filter(stays)",
  },
  {
    name: "a client that came later is served first",
    file: "blocked-clients.ts",
    transcript: "lists",
    find: "for (const blocked of this.#waiting.get(id) ?? []) {",
    replace: "for (const blocked of [...(this.#waiting.get(id) ?? [])].toReversed()) {",
  },
  {
    name: "XACK leaves the entry with its consumer",
    file: "streams/consumer-group.ts",
    transcript: "streams",
    find: "    pending.consumer.pending.delete(id);\n",
    replace: "",
  },
  {
    name: "BITPOS for 0 with an end looks behind it",
    file: "families/bitmaps.ts",
    transcript: "bitmaps",
    find: "return bit === 0 && !hasEnd ? last + 1 : -1;",
    replace: "return bit === 0 ? last + 1 : -1;",
  },
  {
    name: "a HyperLogLog counts one zero too few",
    file: "hyperloglog/hyperloglog.ts",
    transcript: "hyperloglog",
    find: "let value = 1;",
    replace: "let value = 0;",
  },
  {
    name: "TTL answers milliseconds",
    file: "families/expiry.ts",
    transcript: "keys",
    find: "return Math.floor((ms + 500) / 1000);",
    replace: "return ms;",
  },
  {
    name: "patterns do not know that a class is negated",
    file: "glob.ts",
    transcript: "keys",
    find: 'const negated = pattern[p] === "^";',
    replace: "const negated = false;",
  },
  {
    name: "PUBLISH forgets the patterns",
    file: "pubsub.ts",
    transcript: "pubsub",
    find: "      receivers += this.#send(clients",
    replace: "      this.#send(clients",
  },
  {
    name: "SORT by equal weights forgets the members",
    file: "families/sort.ts",
    transcript: "sort",
    find: "Buffer.compare(a.item, b.item);",
    replace: "0;",
  },
  {
    name: "maps are arrays in RESP3",
    file: "reply-encoder.ts",
    transcript: "hashes",
    find: "protocol === 3 ? `%${count}",
    replace: "protocol !== 3 ? `%${count}",
  },
  {
    name: "an empty table is an empty array in cjson",
    file: "scripting/lua-cjson.ts",
    transcript: "scripts",
    find: "if (length > 0) {",
    replace: "if (length >= 0) {",
  },
  {
    name: "SCAN shows keys whose time has come",
    file: "database.ts",
    transcript: "keys",
    find: "keys: entries.map(([key]) => key).filter((key) => this.find(key)) }",
    replace: "keys: entries.map(([key]) => key) }",
  },
  {
    name: "SELECT also moves the other clients",
    file: "families/connection.ts",
    transcript: "connection",
    find: "  client.database = index;",
    replace: "  for (const each of client.server.clients) each.database = index;",
  },
];
