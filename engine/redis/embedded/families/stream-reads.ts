import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, MapReply, NIL_ARRAY, type Reply } from "../reply.ts";
import type { ConsumerGroup } from "../streams/consumer-group.ts";
import { advanceGroup } from "../streams/entries-read.ts";
import { GREATEST_ID, LEAST_ID, parseId, showId, type StreamId } from "../streams/stream-id.ts";
import type { StreamEntry } from "../streams/stream-node.ts";
import { StreamValue } from "../values/stream.ts";
import { seeConsumer } from "./stream-groups.ts";
import { showEntry, take } from "./streams.ts";

/** So many entries a client gets that was blocked and named no COUNT. */
const MOST_AFTER_BLOCKING = 1000;
/** The ID `>`: what the group has not delivered yet. */
const NEW_ENTRIES = GREATEST_ID;

/** Reading on in several streams, alone or as a consumer of a group. */
export const streamReadCommands: Command[] = [
  { name: "xread", handler: readCommand("xread") },
  { name: "xreadgroup", handler: readCommand("xreadgroup") },
];

interface ReadOptions {
  readonly count: number;
  readonly blockMs: number | undefined;
  readonly noAck: boolean;
  readonly group: string | undefined;
  readonly consumer: string;
  readonly names: readonly string[];
  readonly ids: readonly Buffer[];
}

type Name = "xread" | "xreadgroup";

function readOptions(context: CommandContext, args: readonly Buffer[], command: Name): ReadOptions {
  let [count, noAck, consumer] = [0, false, ""];
  let blockMs: number | undefined;
  let group: string | undefined;
  for (let at = 1; at < args.length; at++) {
    const word = args[at];
    const more = args.length - 1 - at;
    if (isWord(word, "block") && more > 0) {
      if (context.client.isScript) {
        throw new RedisError(
          `ERR ${key(args, 0)} command is not allowed with BLOCK option from scripts`,
        );
      }
      at += 1;
      blockMs = context.parseTimeoutMs(argument(args, at));
    } else if (isWord(word, "count") && more > 0) {
      at += 1;
      count = Math.max(parseInteger(argument(args, at)), 0);
    } else if (isWord(word, "streams") && more > 0) {
      if (more % 2 === 1) throw new RedisError(UNBALANCED);
      if (command === "xreadgroup" && group === undefined) {
        throw new RedisError("ERR Missing GROUP option for XREADGROUP");
      }
      const half = at + 1 + more / 2;
      const names = args.slice(at + 1, half).map((name) => name.toString("latin1"));
      return { count, blockMs, noAck, group, consumer, names, ids: args.slice(half) };
    } else if (isWord(word, "group") && more > 1) {
      if (command === "xread") throw new RedisError(onlyForGroups("GROUP"));
      group = key(args, at + 1);
      consumer = key(args, at + 2);
      at += 2;
    } else if (isWord(word, "noack")) {
      if (command === "xread") throw new RedisError(onlyForGroups("NOACK"));
      noAck = true;
    } else throw syntaxError();
  }
  throw syntaxError();
}

function onlyForGroups(option: string): string {
  return `ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`;
}

function readCommand(command: Name): CommandHandler {
  return (context, args) => {
    const options = readOptions(context, args, command);
    const froms = options.names.map((name, at) => resolveId(context, options, name, at));
    const found: [Reply, Reply][] = [];
    for (const [at, name] of options.names.entries()) {
      const stream = context.read(name, StreamValue);
      const entries = stream && readNow(context, options, stream, name, froms[at] ?? LEAST_ID);
      if (entries) found.push([bulk(name), entries]);
    }
    if (found.length > 0) return byStream(context, found);
    if (options.blockMs === undefined || !context.mayBlock) return NIL_ARRAY;
    return context.block({
      keys: options.names,
      timeoutMs: options.blockMs,
      attempt: (name) => {
        const from = froms[options.names.lastIndexOf(name)] ?? LEAST_ID;
        const entries = readLater(context, options, name, from);
        return entries && byStream(context, [[bulk(name), entries]]);
      },
      onTimeout: NIL_ARRAY,
    });
  };
}

function byStream(context: CommandContext, found: readonly [Reply, Reply][]): Reply {
  return context.protocol === 3 ? new MapReply(found) : found;
}

function resolveId(
  context: CommandContext,
  { group, ids }: ReadOptions,
  name: string,
  at: number,
): StreamId {
  const stream = context.read(name, StreamValue);
  const id = argument(ids, at);
  if (group !== undefined && !stream?.groups.has(group)) {
    throw new RedisError(
      `NOGROUP No such key '${name}' or consumer group '${group}' in XREADGROUP with GROUP option`,
    );
  }
  if (isWord(id, "$")) {
    if (group !== undefined) throw new RedisError(LAST_ID_IN_GROUP);
    return stream?.lastId ?? LEAST_ID;
  }
  if (isWord(id, ">")) {
    if (group === undefined) throw new RedisError(NEW_WITHOUT_GROUP);
    return NEW_ENTRIES;
  }
  return parseId(id);
}

/** The entries behind `from`; undefined if there is nothing to answer now. */
function readNow(
  context: CommandContext,
  options: ReadOptions,
  stream: StreamValue,
  name: string,
  from: StreamId,
): Reply | undefined {
  if (options.group === undefined) {
    if (stream.length === 0 || stream.lastValidId <= from) return undefined;
    return take(stream.range(from + 1n), options.count).map(showEntry);
  }
  const group = stream.groups.get(options.group);
  if (!group) return undefined;
  if (from !== NEW_ENTRIES) return readHistory(context, options, stream, group, name, from);
  if (stream.length === 0 || stream.lastValidId <= group.lastId) return undefined;
  return deliver(context, options, stream, group, name, options.count);
}

/** After blocking: also where the new entries have been deleted again, as in Redis. */
function readLater(
  context: CommandContext,
  options: ReadOptions,
  name: string,
  from: StreamId,
): Reply | undefined {
  const stream = context.db.find(name)?.value;
  if (!(stream instanceof StreamValue)) {
    if (options.group === undefined) return undefined;
    throw new RedisError("UNBLOCKED the stream key no longer exists");
  }
  const count = options.count || MOST_AFTER_BLOCKING;
  if (options.group === undefined) {
    return stream.lastId > from ? take(stream.range(from + 1n), count).map(showEntry) : undefined;
  }
  const group = stream.groups.get(options.group);
  if (!group) throw new RedisError(GROUP_IS_GONE);
  return stream.lastId > group.lastId
    ? deliver(context, options, stream, group, name, count)
    : undefined;
}

function deliver(
  context: CommandContext,
  options: ReadOptions,
  stream: StreamValue,
  group: ConsumerGroup,
  name: string,
  count: number,
): Reply {
  const consumer = seeConsumer(context, group, options.consumer, name);
  const entries = take(stream.range(group.lastId + 1n), count);
  for (const { id } of entries) {
    advanceGroup(stream, group, id);
    if (!options.noAck) group.deliver(id, consumer, context.nowMs);
  }
  return entries.map(showEntry);
}

/** What this consumer was given and has not acknowledged. */
function readHistory(
  context: CommandContext,
  options: ReadOptions,
  stream: StreamValue,
  group: ConsumerGroup,
  name: string,
  from: StreamId,
): Reply {
  const consumer = seeConsumer(context, group, options.consumer, name);
  const replies: Reply[] = [];
  for (const [id, pending] of consumer.pending.from(from + 1n)) {
    if (options.count > 0 && replies.length === options.count) break;
    const entry: StreamEntry | undefined = stream.find(id);
    if (entry) {
      pending.deliveredAtMs = context.nowMs;
      pending.deliveries += 1;
    }
    replies.push(entry ? showEntry(entry) : [showId(id), NIL_ARRAY]);
  }
  return replies;
}

const UNBALANCED =
  "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.";
const LAST_ID_IN_GROUP =
  "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.";
const NEW_WITHOUT_GROUP =
  "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.";
const GROUP_IS_GONE = "NOGROUP the consumer group this client was blocked on no longer exists";
