import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger, parseLong } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, NIL_ARRAY, OK, type Reply } from "../reply.ts";
import { type Consumer, ConsumerGroup } from "../streams/consumer-group.ts";
import {
  LEAST_ID,
  parseBound,
  parseEnd,
  parseId,
  parseStart,
  showId,
  type StreamId,
} from "../streams/stream-id.ts";
import { StreamValue } from "../values/stream.ts";

/** Consumer groups: making them, acknowledging, looking at what is pending. */
export const streamGroupCommands: Command[] = [
  { name: "xgroup|create", handler: create },
  { name: "xgroup|setid", handler: setId },
  { name: "xgroup|destroy", handler: destroy },
  { name: "xgroup|createconsumer", handler: createConsumer },
  { name: "xgroup|delconsumer", handler: deleteConsumer },
  { name: "xack", handler: acknowledge },
  { name: "xpending", handler: showPending },
];

/** The consumer, made and told of if it is new. */
export function seeConsumer(
  context: CommandContext,
  group: ConsumerGroup,
  name: string,
  stream: string,
): Consumer {
  const { consumer, isNew } = group.see(name, context.nowMs);
  if (isNew) tell(context, "xgroup-createconsumer", stream);
  return consumer;
}

/** Redis does not take a change of a group for a change of the key: WATCH does not mind it. */
function tell(context: CommandContext, event: string, name: string): void {
  context.server.notify("t", event, context.client.database, name);
}

interface GroupOptions {
  mayCreate: boolean;
  entriesRead: number | undefined;
}

function readOptions(args: readonly Buffer[], command: "create" | "setid"): GroupOptions {
  const options: GroupOptions = { mayCreate: false, entriesRead: undefined };
  for (let at = 5; at < args.length; at++) {
    const value = args[at + 1];
    if (command === "create" && isWord(args[at], "mkstream")) options.mayCreate = true;
    else if (isWord(args[at], "entriesread") && value) {
      const read = parseInteger(value);
      if (read < -1) {
        throw new RedisError("ERR value for ENTRIESREAD must be positive or -1");
      }
      options.entriesRead = read === -1 ? undefined : read;
      at += 1;
    } else throw wrongSubcommand(args);
  }
  return options;
}

function wrongSubcommand(args: readonly Buffer[]): RedisError {
  return new RedisError(
    `ERR unknown subcommand or wrong number of arguments for '${key(args, 1)}'. Try XGROUP HELP.`,
  );
}

/** The stream and, where it is there, the group of an XGROUP. */
function find(
  context: CommandContext,
  args: readonly Buffer[],
): { stream: StreamValue; group: ConsumerGroup | undefined } {
  const stream = context.read(key(args, 2), StreamValue);
  if (!stream) throw new RedisError(NO_STREAM);
  return { stream, group: stream.groups.get(key(args, 3)) };
}

function findGroup(context: CommandContext, args: readonly Buffer[]): ConsumerGroup {
  const { group } = find(context, args);
  if (group) return group;
  throw new RedisError(
    `NOGROUP No such consumer group '${key(args, 3)}' for key name '${key(args, 2)}'`,
  );
}

function create(context: CommandContext, args: readonly Buffer[]): Reply {
  const { mayCreate, entriesRead } = readOptions(args, "create");
  const name = key(args, 2);
  const known = context.read(name, StreamValue);
  if (!known && !mayCreate) throw new RedisError(NO_STREAM);
  if (args.length > 8) throw wrongSubcommand(args);
  const asked = argument(args, 4);
  const id = isWord(asked, "$") ? (known?.lastId ?? LEAST_ID) : parseId(asked);
  const stream = context.readOrCreate(name, StreamValue);
  if (!known) context.server.touched(context.db, name, context.client);
  if (stream.groups.has(key(args, 3))) {
    throw new RedisError("BUSYGROUP Consumer Group name already exists");
  }
  stream.groups.set(key(args, 3), new ConsumerGroup(id, entriesRead));
  tell(context, "xgroup-create", name);
  return OK;
}

function setId(context: CommandContext, args: readonly Buffer[]): Reply {
  const { entriesRead } = readOptions(args, "setid");
  const group = findGroup(context, args);
  if (args.length > 7) throw wrongSubcommand(args);
  const asked = argument(args, 4);
  group.lastId = isWord(asked, "$") ? find(context, args).stream.lastId : parseBound(asked);
  group.entriesRead = entriesRead;
  tell(context, "xgroup-setid", key(args, 2));
  return OK;
}

function destroy(context: CommandContext, args: readonly Buffer[]): Reply {
  const { stream } = find(context, args);
  if (!stream.groups.delete(key(args, 3))) return 0;
  tell(context, "xgroup-destroy", key(args, 2));
  // Its consumers that are blocked get an error.
  context.server.blocked.signal(context.db.index, key(args, 2));
  return 1;
}

function createConsumer(context: CommandContext, args: readonly Buffer[]): Reply {
  const group = findGroup(context, args);
  if (group.consumers.has(key(args, 4))) return 0;
  seeConsumer(context, group, key(args, 4), key(args, 2));
  return 1;
}

function deleteConsumer(context: CommandContext, args: readonly Buffer[]): Reply {
  const group = findGroup(context, args);
  if (!group.consumers.has(key(args, 4))) return 0;
  const pending = group.deleteConsumer(key(args, 4));
  tell(context, "xgroup-delconsumer", key(args, 2));
  return pending;
}

function acknowledge(context: CommandContext, args: readonly Buffer[]): Reply {
  const group = context.read(key(args, 1), StreamValue)?.groups.get(key(args, 2));
  if (!group) return 0;
  const ids = args.slice(3).map((id) => parseId(id));
  return ids.filter((id) => group.forget(id)).length;
}

interface PendingRange {
  readonly start: StreamId;
  readonly end: StreamId;
  readonly count: number;
  readonly idleMs: number;
  readonly consumer: string | undefined;
}

function readRange(args: readonly Buffer[]): PendingRange {
  let [at, idleMs] = [3, 0];
  if (isWord(args[3], "idle")) {
    idleMs = Number(parseLong(argument(args, 4)));
    if (args.length < 8) throw syntaxError();
    at = 5;
  }
  const count = Math.max(parseInteger(argument(args, at + 2)), 0);
  const start = parseStart(argument(args, at));
  const end = parseEnd(argument(args, at + 1));
  return { start, end, count, idleMs, consumer: args[at + 3]?.toString("latin1") };
}

function showPending(context: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length !== 3 && (args.length < 6 || args.length > 9)) throw syntaxError();
  const range = args.length === 3 ? undefined : readRange(args);
  const group = context.read(key(args, 1), StreamValue)?.groups.get(key(args, 2));
  if (!group) {
    throw new RedisError(
      `NOGROUP No such key '${key(args, 1)}' or consumer group '${key(args, 2)}'`,
    );
  }
  if (range) return listPending(context, group, range);
  const { size, first, last } = group.pending;
  if (first === undefined || last === undefined) return [0, null, null, NIL_ARRAY];
  const consumers = group.sortedConsumers
    .filter(({ pending }) => pending.size > 0)
    .map(({ name, pending }) => [bulk(name), bulk(String(pending.size))]);
  return [size, showId(first), showId(last), consumers];
}

function listPending(context: CommandContext, group: ConsumerGroup, range: PendingRange): Reply {
  const consumer = range.consumer === undefined ? undefined : group.consumers.get(range.consumer);
  if (range.consumer !== undefined && !consumer) return [];
  const list = (consumer ?? group).pending;
  const replies: Reply[] = [];
  for (const [id, { consumer: owner, deliveredAtMs, deliveries }] of list.from(range.start)) {
    if (id > range.end || replies.length === range.count) break;
    const idleMs = context.nowMs - deliveredAtMs;
    if (range.idleMs !== 0 && idleMs < range.idleMs) continue;
    replies.push([showId(id), bulk(owner.name), Math.max(idleMs, 0), deliveries]);
  }
  return replies;
}

const NO_STREAM =
  "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.";
