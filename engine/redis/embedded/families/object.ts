import { type Command, type CommandHandler, key } from "../command.ts";
import type { Entry } from "../database.ts";
import { readLong } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { bulk, type Reply } from "../reply.ts";
import type { Server } from "../server.ts";
import { StringValue } from "../values/string.ts";

/** Redis shares the objects of the integers below this; their reference count is the greatest int. */
const SHARED_INTEGERS = 10_000n;
const SHARED_REFERENCES = 2_147_483_647;

/** What is behind a key. */
export const objectCommands: Command[] = [
  { name: "object|encoding", handler: inspect((entry) => bulk(entry.value.encoding())) },
  {
    name: "object|refcount",
    handler: inspect((entry, _nowMs, { transactionArguments }) =>
      countReferences(entry, transactionArguments),
    ),
  },
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

function inspect(look: (entry: Entry, nowMs: number, server: Server) => Reply): CommandHandler {
  return (context, args) => {
    const entry = context.db.find(key(args, 2));
    return entry ? look(entry, context.nowMs, context.server) : null;
  };
}

function countReferences(
  { value }: Entry,
  transactionArguments: ReadonlyMap<StringValue, Buffer> | undefined,
): number {
  if (!(value instanceof StringValue)) return 1;
  if (isShared(value)) return SHARED_REFERENCES;
  // A transaction keeps its commands until it ends; a string that was changed since is another object.
  return transactionArguments?.get(value) === value.bytes && !value.edited ? 2 : 1;
}

function isShared(value: StringValue): boolean {
  if (value.isCopy || value.encoding() !== "int") return false;
  const number = readLong(value.bytes);
  return number !== undefined && number >= 0n && number < SHARED_INTEGERS;
}
