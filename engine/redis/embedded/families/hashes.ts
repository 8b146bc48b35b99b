import { argument, type Command, type CommandHandler, keep, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { addLongDoubles, isLongDouble } from "../long-double.ts";
import { isWord, parseCursor, parseLong, readLong } from "../parse-arguments.ts";
import { parsePickCount, pickRandom } from "../pick-random.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, MapReply, OK, type Reply } from "../reply.ts";
import { EMPTY_SCAN, scanCollection } from "../scan-collection.ts";
import { HashValue } from "../values/hash.ts";

/** Hashes. */
export const hashCommands: Command[] = [
  { name: "hset", handler: (context, args) => setFields(context, args, "hset") },
  {
    name: "hmset",
    handler: (context, args) => {
      setFields(context, args, "hmset");
      return OK;
    },
  },
  { name: "hsetnx", handler: setIfMissing },
  { name: "hget", handler: (context, args) => field(context, args) ?? null },
  { name: "hmget", handler: getMany },
  { name: "hdel", handler: deleteFields },
  { name: "hlen", handler: (context, args) => read(context, args)?.size ?? 0 },
  { name: "hstrlen", handler: (context, args) => field(context, args)?.length ?? 0 },
  { name: "hexists", handler: (context, args) => (field(context, args) ? 1 : 0) },
  { name: "hgetall", handler: (context, args) => new MapReply(pairs(read(context, args))) },
  { name: "hkeys", handler: list(([name]) => name) },
  { name: "hvals", handler: list(([, value]) => value) },
  { name: "hincrby", handler: increment },
  { name: "hincrbyfloat", handler: incrementFloat },
  { name: "hrandfield", handler: randomFields },
  { name: "hscan", handler: scan },
];

type Pair = readonly [Buffer, Buffer];

function read(context: CommandContext, args: readonly Buffer[]): HashValue | undefined {
  return context.read(key(args, 1), HashValue);
}

function field(context: CommandContext, args: readonly Buffer[]): Buffer | undefined {
  return read(context, args)?.fields.get(key(args, 2));
}

function pairs(hash: HashValue | undefined): Pair[] {
  return [...(hash?.fields.entries() ?? [])].map(([name, value]) => [bulk(name), value]);
}

function list(part: (pair: Pair) => Buffer): CommandHandler {
  return (context, args) => pairs(read(context, args)).map(part);
}

function setFields(context: CommandContext, args: readonly Buffer[], command: string): number {
  if (args.length % 2 === 1) {
    throw new RedisError(`ERR wrong number of arguments for '${command}' command`);
  }
  const hash = context.readOrCreate(key(args, 1), HashValue);
  let added = 0;
  for (let at = 2; at < args.length; at += 2) {
    if (hash.set(key(args, at), keep(argument(args, at + 1)))) added += 1;
  }
  context.changed(key(args, 1), "h", "hset");
  return added;
}

function setIfMissing(context: CommandContext, args: readonly Buffer[]): Reply {
  if (field(context, args)) return 0;
  context.readOrCreate(key(args, 1), HashValue).set(key(args, 2), keep(argument(args, 3)));
  context.changed(key(args, 1), "h", "hset");
  return 1;
}

function getMany(context: CommandContext, args: readonly Buffer[]): Reply {
  const hash = read(context, args);
  return args.slice(2).map((name) => hash?.fields.get(name.toString("latin1")) ?? null);
}

function deleteFields(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const hash = read(context, args);
  if (!hash) return 0;
  let deleted = 0;
  for (const each of args.slice(2)) if (hash.fields.delete(each.toString("latin1"))) deleted += 1;
  if (deleted === 0) return 0;
  if (hash.size === 0) context.delete(name);
  context.changed(name, "h", "hdel");
  if (hash.size === 0) context.changed(name, "g", "del");
  return deleted;
}

function increment(context: CommandContext, args: readonly Buffer[]): Reply {
  const by = parseLong(argument(args, 3));
  const before = field(context, args);
  const start = before ? readLong(before) : 0n;
  if (start === undefined) throw new RedisError("ERR hash value is not an integer");
  const sum = start + by;
  if (BigInt.asIntN(64, sum) !== sum) {
    throw new RedisError("ERR increment or decrement would overflow");
  }
  put(context, args, String(sum), "hincrby");
  return sum;
}

function incrementFloat(context: CommandContext, args: readonly Buffer[]): Reply {
  const by = argument(args, 3);
  if (!isLongDouble(by)) throw new RedisError("ERR value is not a valid float");
  if (/inf/i.test(by.toString("latin1"))) throw new RedisError("ERR value is NaN or Infinity");
  const before = field(context, args) ?? bulk("0");
  if (!isLongDouble(before)) throw new RedisError("ERR hash value is not a float");
  const sum = addLongDoubles(before.toString("latin1"), by.toString("latin1"));
  if (sum === undefined) throw new RedisError("ERR increment would produce NaN or Infinity");
  put(context, args, sum, "hincrbyfloat");
  return bulk(sum);
}

function put(context: CommandContext, args: readonly Buffer[], text: string, event: string): void {
  context.readOrCreate(key(args, 1), HashValue).set(key(args, 2), bulk(text));
  context.changed(key(args, 1), "h", event);
}

function randomFields(context: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length === 2) {
    const name = read(context, args)?.fields.randomKey();
    return name === undefined ? null : bulk(name);
  }
  const withValues = args.length === 4 && isWord(args[3], "withvalues");
  const count = parsePickCount(argument(args, 2), withValues);
  if (args.length > 3 && !withValues) throw syntaxError();
  const hash = read(context, args);
  if (!hash) return [];
  const picked = pickRandom(hash.fields, count);
  if (!withValues) return picked.map(bulk);
  const found = picked.map((name): Pair => [bulk(name), hash.fields.get(name) ?? bulk("")]);
  return context.protocol === 3 ? found : found.flat();
}

function scan(context: CommandContext, args: readonly Buffer[]): Reply {
  const cursor = parseCursor(argument(args, 2));
  const hash = read(context, args);
  if (!hash) return EMPTY_SCAN;
  const collection = { map: hash.fields, isCompact: hash.encoding() === "listpack" };
  return scanCollection(args, cursor, collection, (name, value) => [bulk(name), value]);
}
