import { type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger } from "../parse-arguments.ts";
import { noSuchKey, RedisError } from "../redis-error.ts";
import { bulk, MapReply, type Reply } from "../reply.ts";
import type { Consumer, ConsumerGroup } from "../streams/consumer-group.ts";
import { lagOf } from "../streams/entries-read.ts";
import type { PendingList } from "../streams/pending-list.ts";
import { LEAST_ID, showId } from "../streams/stream-id.ts";
import { StreamValue } from "../values/stream.ts";
import { showEntry, take } from "./streams.ts";

const DEFAULT_COUNT = 10;

/** What XINFO tells of streams, groups and consumers. */
export const streamInfoCommands: Command[] = [
  { name: "xinfo|stream", handler: showStream },
  { name: "xinfo|groups", handler: showGroups },
  { name: "xinfo|consumers", handler: showConsumers },
];

function read(context: CommandContext, args: readonly Buffer[]): StreamValue {
  const stream = context.read(key(args, 2), StreamValue);
  if (!stream) throw noSuchKey();
  return stream;
}

function fields(record: Record<string, Reply>): MapReply {
  return new MapReply(Object.entries(record).map(([name, value]) => [bulk(name), value]));
}

function showStream(context: CommandContext, args: readonly Buffer[]): Reply {
  const stream = read(context, args);
  const count = args.length === 3 ? undefined : readFull(args);
  const common = {
    length: stream.length,
    "radix-tree-keys": stream.nodeCount,
    "radix-tree-nodes": stream.nodeCount + 1,
    "last-generated-id": showId(stream.lastId),
    "max-deleted-entry-id": showId(stream.greatestDeletedId),
    "entries-added": stream.entriesAdded,
    "recorded-first-entry-id": showId(stream.firstId),
  };
  if (count !== undefined) {
    return fields({
      ...common,
      entries: take(stream.range(), count).map(showEntry),
      groups: stream.sortedGroups.map(([name, group]) => fullGroup(stream, name, group, count)),
    });
  }
  const [first = null] = take(stream.range(), 1).map(showEntry);
  const [last = null] = take(stream.reversed(), 1).map(showEntry);
  return fields({
    ...common,
    groups: stream.groups.size,
    "first-entry": first,
    "last-entry": last,
  });
}

/** FULL [COUNT n]: how many entries are shown, 0 for all. */
function readFull(args: readonly Buffer[]): number {
  const hasCount = args.length === 6 && isWord(args[4], "count");
  if (!isWord(args[3], "full") || (args.length !== 4 && !hasCount)) {
    throw new RedisError(
      `ERR unknown subcommand or wrong number of arguments for '${key(args, 1)}'. Try XINFO HELP.`,
    );
  }
  const count = args[5] ? parseInteger(args[5]) : DEFAULT_COUNT;
  return count < 0 ? DEFAULT_COUNT : count;
}

function fullGroup(
  stream: StreamValue,
  name: string,
  group: ConsumerGroup,
  count: number,
): MapReply {
  return fields({
    name: bulk(name),
    "last-delivered-id": showId(group.lastId),
    "entries-read": group.entriesRead ?? null,
    lag: lagOf(stream, group),
    "pel-count": group.pending.size,
    pending: showPending(group.pending, count, true),
    consumers: group.sortedConsumers.map((consumer) =>
      fields({
        name: bulk(consumer.name),
        "seen-time": consumer.seenAtMs,
        "pel-count": consumer.pending.size,
        pending: showPending(consumer.pending, count, false),
      }),
    ),
  });
}

function showPending(list: PendingList, count: number, withConsumer: boolean): Reply[] {
  const shown: Reply[] = [];
  for (const [id, { consumer, deliveredAtMs, deliveries }] of list.from(LEAST_ID)) {
    const owner = withConsumer ? [bulk(consumer.name)] : [];
    shown.push([showId(id), ...owner, deliveredAtMs, deliveries]);
    if (shown.length === count) break;
  }
  return shown;
}

function showGroups(context: CommandContext, args: readonly Buffer[]): Reply {
  const stream = read(context, args);
  return stream.sortedGroups.map(([name, group]) =>
    fields({
      name: bulk(name),
      consumers: group.consumers.size,
      pending: group.pending.size,
      "last-delivered-id": showId(group.lastId),
      "entries-read": group.entriesRead ?? null,
      lag: lagOf(stream, group),
    }),
  );
}

function showConsumers(context: CommandContext, args: readonly Buffer[]): Reply {
  const group = read(context, args).groups.get(key(args, 3));
  if (!group) {
    throw new RedisError(
      `NOGROUP No such consumer group '${key(args, 3)}' for key name '${key(args, 2)}'`,
    );
  }
  return group.sortedConsumers.map(({ name, pending, seenAtMs }: Consumer) =>
    fields({
      name: bulk(name),
      pending: pending.size,
      idle: Math.max(context.nowMs - seenAtMs, 0),
    }),
  );
}
