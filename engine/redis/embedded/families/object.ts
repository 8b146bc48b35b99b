import { type Command, type CommandHandler, key } from "../command.ts";
import type { Entry } from "../database.ts";
import { readLong } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { bulk, type Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

/** Redis shares the objects of the integers below this; their reference count is the greatest int. */
const SHARED_INTEGERS = 10_000n;
const SHARED_REFERENCES = 2_147_483_647;

/** What is behind a key. */
export const objectCommands: Command[] = [
  { name: "object|encoding", handler: inspect((entry) => bulk(entry.value.encoding())) },
  { name: "object|refcount", handler: inspect(countReferences) },
  {
    name: "object|idletime",
    handler: inspect((entry, nowMs) => Math.floor((nowMs - entry.usedAtMs) / 1000)),
  },
  {
    name: "object|freq",
    handler: inspect(() => {
      throw new RedisError(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.",
      );
    }),
  },
];

function inspect(look: (entry: Entry, nowMs: number) => Reply): CommandHandler {
  return (context, args) => {
    const entry = context.db.find(key(args, 2));
    return entry ? look(entry, context.nowMs) : null;
  };
}

function countReferences(entry: Entry): number {
  if (!(entry.value instanceof StringValue) || entry.value.encoding() !== "int") return 1;
  const value = readLong(entry.value.bytes);
  return value !== undefined && value >= 0n && value < SHARED_INTEGERS ? SHARED_REFERENCES : 1;
}
