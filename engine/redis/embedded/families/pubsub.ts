import type { Client } from "../client.ts";
import { argument, type Command, type CommandHandler, key } from "../command.ts";
import { matchesGlob } from "../glob.ts";
import { addTo, removeFrom } from "../pubsub.ts";
import { RedisError } from "../redis-error.ts";
import { ReplyEncoder } from "../reply-encoder.ts";
import { bulk, EncodedReply, PushReply, type Reply } from "../reply.ts";

/** One of the three sorts of subscription. */
interface Sort {
  readonly map: "channels" | "patterns" | "shardChannels";
  readonly prefix: "" | "p" | "s";
}

const CHANNELS: Sort = { map: "channels", prefix: "" };
const PATTERNS: Sort = { map: "patterns", prefix: "p" };
const SHARDS: Sort = { map: "shardChannels", prefix: "s" };

/** Publish and subscribe. */
export const pubsubCommands: Command[] = [
  { name: "subscribe", handler: subscribe(CHANNELS) },
  { name: "psubscribe", handler: subscribe(PATTERNS) },
  { name: "ssubscribe", handler: subscribe(SHARDS) },
  { name: "unsubscribe", handler: unsubscribe(CHANNELS) },
  { name: "punsubscribe", handler: unsubscribe(PATTERNS) },
  { name: "sunsubscribe", handler: unsubscribe(SHARDS) },
  {
    name: "publish",
    handler: (context, args) => context.server.pubsub.publish(key(args, 1), argument(args, 2)),
  },
  {
    name: "spublish",
    handler: (context, args) =>
      context.server.pubsub.publishToShard(key(args, 1), argument(args, 2)),
  },
  { name: "pubsub|channels", handler: list("channels") },
  { name: "pubsub|shardchannels", handler: list("shardChannels") },
  { name: "pubsub|numsub", handler: count("channels") },
  { name: "pubsub|shardnumsub", handler: count("shardChannels") },
  { name: "pubsub|numpat", handler: (context) => context.server.pubsub.patterns.size },
];

function subscribe(sort: Sort): CommandHandler {
  return ({ client, server }, args) => {
    if (client.isScript) {
      const name = `${sort.prefix}subscribe`.toUpperCase();
      throw new RedisError(`ERR ${name} isn't allowed for a DENY BLOCKING client`);
    }
    const replies = args.slice(1).map((bytes) => {
      const name = bytes.toString("latin1");
      client[sort.map].add(name);
      addTo(server.pubsub[sort.map], name, client);
      return push(client, sort, "subscribe", bulk(name));
    });
    return encodeAll(client, replies);
  };
}

function unsubscribe(sort: Sort): CommandHandler {
  return ({ client, server }, args) => {
    const given = args.slice(1).map((bytes) => bytes.toString("latin1"));
    const names = given.length > 0 ? given : [...client[sort.map]];
    const replies = names.map((name) => {
      client[sort.map].delete(name);
      removeFrom(server.pubsub[sort.map], name, client);
      return push(client, sort, "unsubscribe", bulk(name));
    });
    if (names.length === 0) replies.push(push(client, sort, "unsubscribe", null));
    return encodeAll(client, replies);
  };
}

function push(client: Client, sort: Sort, word: string, name: Reply): Reply {
  const total =
    sort === SHARDS ? client.shardChannels.size : client.channels.size + client.patterns.size;
  return new PushReply([bulk(sort.prefix + word), name, total]);
}

/** A subscription is answered once for each channel. */
function encodeAll(client: Client, replies: readonly Reply[]): Reply {
  const encoder = new ReplyEncoder();
  for (const reply of replies) encoder.write(reply, client.protocol);
  return new EncodedReply(encoder.take());
}

function list(map: "channels" | "shardChannels"): CommandHandler {
  return ({ server }, args) => {
    const pattern = args[2]?.toString("latin1");
    return [...server.pubsub[map].keys()]
      .filter((name) => pattern === undefined || matchesGlob(pattern, name))
      .map(bulk);
  };
}

function count(map: "channels" | "shardChannels"): CommandHandler {
  return ({ server }, args) =>
    args
      .slice(2)
      .flatMap((name) => [name, server.pubsub[map].get(name.toString("latin1"))?.size ?? 0]);
}
