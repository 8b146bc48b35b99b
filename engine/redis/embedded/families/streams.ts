import { argument, type Command, type CommandHandler, keep, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger } from "../parse-arguments.ts";
import { noSuchKey, RedisError, syntaxError } from "../redis-error.ts";
import { NIL_ARRAY, OK, type Reply } from "../reply.ts";
import {
  GREATEST_ID,
  idMs,
  LEAST_ID,
  parseEnd,
  parseId,
  parseStart,
  showId,
  streamId,
  type StreamId,
} from "../streams/stream-id.ts";
import type { StreamEntry } from "../streams/stream-node.ts";
import { type AddOptions, readAddOptions } from "../streams/trim-options.ts";
import { StreamValue } from "../values/stream.ts";

/** Streams, without what reads on (stream-reads.ts) and groups (stream-groups.ts). */
export const streamCommands: Command[] = [
  { name: "xadd", handler: add },
  { name: "xlen", handler: (context, args) => read(context, args)?.length ?? 0 },
  { name: "xrange", handler: range(false) },
  { name: "xrevrange", handler: range(true) },
  { name: "xdel", handler: deleteEntries },
  { name: "xtrim", handler: trim },
  { name: "xsetid", handler: setId },
];

function read(context: CommandContext, args: readonly Buffer[]): StreamValue | undefined {
  return context.read(key(args, 1), StreamValue);
}

/** An entry as every command answers it. */
export function showEntry({ id, items }: StreamEntry): Reply {
  return [showId(id), items];
}

/** The first entries of a range; `count` 0 is all. */
export function take(entries: Iterable<StreamEntry>, count: number): StreamEntry[] {
  const taken: StreamEntry[] = [];
  for (const entry of entries) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
}

function add(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const options = readAddOptions(args, "xadd");
  const fields = args.slice(options.fieldsAt);
  if (fields.length < 2 || fields.length % 2 === 1) {
    throw new RedisError("ERR wrong number of arguments for 'xadd' command");
  }
  if (options.id?.ms === 0n && options.id.sequence === 0n) {
    throw new RedisError("ERR The ID specified in XADD must be greater than 0-0");
  }
  const known = read(context, args);
  if (!known && options.mustExist) return null;
  const lastId = known?.lastId ?? LEAST_ID;
  if (lastId === GREATEST_ID) {
    throw new RedisError(
      "ERR The stream has exhausted the last possible ID, unable to add more items",
    );
  }
  const id = newId(options.id, lastId, BigInt(context.nowMs));
  // Redis means the first error below for this as well, and takes it for the other one.
  if (id === undefined) throw new RedisError("ERR Elements are too large to be stored");
  if (id <= lastId) {
    throw new RedisError(
      "ERR The ID specified in XADD is equal or smaller than the target stream top item",
    );
  }
  const stream = context.readOrCreate(name, StreamValue);
  stream.append({ id, items: fields.map(keep) });
  context.changed(name, "t", "xadd");
  if (options.trim && stream.trim(options.trim) > 0) {
    context.server.notify("t", "xtrim", context.client.database, name);
  }
  return showId(id);
}

/** Undefined if there is no next sequence number. */
function newId(asked: AddOptions["id"], lastId: StreamId, nowMs: bigint): StreamId | undefined {
  if (!asked) return nowMs > idMs(lastId) ? streamId(nowMs, 0n) : lastId + 1n;
  if (asked.sequence !== undefined) return streamId(asked.ms, asked.sequence);
  if (asked.ms !== idMs(lastId)) return streamId(asked.ms, 0n);
  return idMs(lastId + 1n) === asked.ms ? lastId + 1n : undefined;
}

function range(reversed: boolean): CommandHandler {
  return (context, args) => {
    const start = parseStart(argument(args, reversed ? 3 : 2));
    const end = parseEnd(argument(args, reversed ? 2 : 3));
    let count: number | undefined;
    for (let at = 4; at < args.length; at += 2) {
      const value = args[at + 1];
      if (!value || !isWord(args[at], "count")) throw syntaxError();
      count = Math.max(parseInteger(value), 0);
    }
    const stream = read(context, args);
    if (!stream) return [];
    if (count === 0) return NIL_ARRAY;
    const entries = reversed ? stream.reversed(start, end) : stream.range(start, end);
    return take(entries, count ?? 0).map(showEntry);
  };
}

function deleteEntries(context: CommandContext, args: readonly Buffer[]): Reply {
  const stream = read(context, args);
  if (!stream) return 0;
  const ids = args.slice(2).map((id) => parseId(id));
  const deleted = ids.filter((id) => stream.delete(id)).length;
  if (deleted > 0) context.changed(key(args, 1), "t", "xdel");
  return deleted;
}

function trim(context: CommandContext, args: readonly Buffer[]): Reply {
  const options = readAddOptions(args, "xtrim");
  const stream = read(context, args);
  if (!stream || !options.trim) return 0;
  const deleted = stream.trim(options.trim);
  if (deleted > 0) context.changed(key(args, 1), "t", "xtrim");
  return deleted;
}

function setId(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const id = parseId(argument(args, 2));
  let added: number | undefined;
  let deletedId = LEAST_ID;
  for (let at = 3; at < args.length; at += 2) {
    const value = args[at + 1];
    if (isWord(args[at], "entriesadded") && value) {
      added = parseInteger(value);
      if (added < 0) throw new RedisError("ERR entries_added must be positive");
    } else if (isWord(args[at], "maxdeletedid") && value) {
      deletedId = parseId(value);
      if (id < deletedId) throw new RedisError(BELOW_DELETED);
    } else throw syntaxError();
  }
  const stream = read(context, args);
  if (!stream) throw noSuchKey();
  if (stream.length > 0) {
    if (id < stream.lastValidId) throw new RedisError(BELOW_LAST);
    if (added !== undefined && stream.length > added) throw new RedisError(BELOW_LENGTH);
  }
  stream.lastId = id;
  if (added !== undefined) stream.entriesAdded = added;
  if (deletedId !== LEAST_ID) stream.greatestDeletedId = deletedId;
  context.server.notify("t", "xsetid", context.client.database, name);
  return OK;
}

const BELOW_DELETED =
  "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id";
const BELOW_LAST = "ERR The ID specified in XSETID is smaller than the target stream top item";
const BELOW_LENGTH =
  "ERR The entries_added specified in XSETID is smaller than the target stream length";
