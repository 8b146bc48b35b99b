/** A mistake that somebody could make, as a change of one line of engine/redis/embedded. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  /** Is there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Each of them must be found by the transcripts or by random programs. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: "EXPIRE GT sets an expiry on a key that has none",
    file: "families/expiry.ts",
    find: "current === undefined || atMs <= current",
    replace: "current !== undefined && atMs <= current",
  },
  {
    name: "RENAME loses the expiry",
    file: "families/keys.ts",
    find: "  context.set(to, entry.value, entry.expiresAtMs);",
    replace: "  context.set(to, entry.value);",
  },
  {
    name: "COPY shares the value with its source",
    file: "families/keys.ts",
    find: "target.set(to, entry.value.clone(), entry.expiresAtMs);",
    replace: "target.set(to, entry.value, entry.expiresAtMs);",
  },
  {
    name: "DECR goes below the smallest number",
    file: "families/string-numbers.ts",
    find: "if (sum > MAX || sum < MIN) {",
    replace: "if (sum > MAX) {",
  },
  {
    name: "GETRANGE counts a negative end one too early",
    file: "families/string-parts.ts",
    find: "end = Math.max(end + bytes.length, 0);",
    replace: "end = Math.max(end + bytes.length - 1, 0);",
  },
  {
    name: "WATCH does not stop EXEC",
    file: "families/transactions.ts",
    find: "if (spoiled) return NIL_ARRAY;",
    replace: "",
  },
  {
    name: "EXEC runs a queue in which a command was refused",
    file: "families/transactions.ts",
    find: "if (transaction.broken) {",
    replace: "if (transaction.broken && transaction.queue.length === 0) {",
  },
  {
    name: "PX takes seconds",
    file: "expiry-options.ts",
    find: 'unit === "s" ? value * 1000n : value',
    replace: "unit.length > 0 ? value * 1000n : value",
  },
  {
    name: "INCR loses the expiry",
    file: "families/string-numbers.ts",
    find: "if (!value) context.set(",
    replace: "if (!value || text !== '') context.set(",
  },
  {
    name: "scripts round numbers instead of cutting them",
    file: "scripting/lua-reply.ts",
    find: "const whole = Math.trunc(value);",
    replace: "const whole = Math.round(value);",
  },
];
