import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseCursor, parseNatural, parseRange } from "../parse-arguments.ts";
import { parsePickCount, pickRandom } from "../pick-random.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, type Reply, SetReply } from "../reply.ts";
import { EMPTY_SCAN, scanCollection } from "../scan-collection.ts";
import { SetValue } from "../values/set.ts";

/** Also for what is no number at all. */
const NOT_POSITIVE = "ERR value is out of range, must be positive";

/** Sets. */
export const setCommands: Command[] = [
  { name: "sadd", handler: add },
  { name: "srem", handler: remove },
  { name: "scard", handler: (context, args) => read(context, args)?.size ?? 0 },
  { name: "sismember", handler: (context, args) => has(read(context, args), argument(args, 2)) },
  {
    name: "smismember",
    handler: (context, args) => {
      const set = read(context, args);
      return args.slice(2).map((member) => has(set, member));
    },
  },
  {
    name: "smembers",
    handler: (context, args) =>
      new SetReply([...(read(context, args)?.members.keys() ?? [])].map(bulk)),
  },
  { name: "smove", handler: move },
  { name: "spop", handler: pop },
  { name: "srandmember", handler: randomMembers },
  { name: "sscan", handler: scan },
  { name: "sunion", handler: answer(union) },
  { name: "sinter", handler: answer(intersection) },
  { name: "sdiff", handler: answer(difference) },
  { name: "sunionstore", handler: store(union, "sunionstore") },
  { name: "sinterstore", handler: store(intersection, "sinterstore") },
  { name: "sdiffstore", handler: store(difference, "sdiffstore") },
  { name: "sintercard", handler: countCommon },
];

type Sets = readonly (SetValue | undefined)[];

function read(context: CommandContext, args: readonly Buffer[]): SetValue | undefined {
  return context.read(key(args, 1), SetValue);
}

function has(set: SetValue | undefined, member: Buffer): number {
  return set?.members.has(member.toString("latin1")) ? 1 : 0;
}

function add(context: CommandContext, args: readonly Buffer[]): Reply {
  const set = context.readOrCreate(key(args, 1), SetValue);
  let added = 0;
  for (const member of args.slice(2)) if (set.add(member.toString("latin1"))) added += 1;
  if (added > 0) context.changed(key(args, 1), "s", "sadd");
  return added;
}

function removedFrom(context: CommandContext, name: string, set: SetValue, event: string): void {
  if (set.size === 0) context.delete(name);
  context.changed(name, "s", event);
  if (set.size === 0) context.changed(name, "g", "del");
}

function remove(context: CommandContext, args: readonly Buffer[]): Reply {
  const set = read(context, args);
  if (!set) return 0;
  let removed = 0;
  for (const member of args.slice(2)) {
    if (set.members.delete(member.toString("latin1"))) removed += 1;
  }
  if (removed > 0) removedFrom(context, key(args, 1), set, "srem");
  return removed;
}

function move(context: CommandContext, args: readonly Buffer[]): Reply {
  const [from, to, member] = [key(args, 1), key(args, 2), key(args, 3)];
  const source = context.read(from, SetValue);
  if (!source) return 0;
  const target = context.read(to, SetValue);
  if (source === target) return source.members.has(member) ? 1 : 0;
  if (!source.members.delete(member)) return 0;
  removedFrom(context, from, source, "srem");
  if (context.readOrCreate(to, SetValue).add(member)) context.changed(to, "s", "sadd");
  return 1;
}

function pop(context: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length > 3) throw syntaxError();
  const count = args[2] ? parseNatural(args[2], NOT_POSITIVE) : undefined;
  const set = read(context, args);
  if (!set) return count === undefined ? null : new SetReply([]);
  const picked = pickRandom(set.members, count ?? 1);
  for (const member of picked) set.members.delete(member);
  if (picked.length > 0) removedFrom(context, key(args, 1), set, "spop");
  if (count !== undefined) return new SetReply(picked.map(bulk));
  return bulk(picked[0] ?? "");
}

function randomMembers(context: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length > 3) throw syntaxError();
  if (args.length === 2) {
    const member = read(context, args)?.members.randomKey();
    return member === undefined ? null : bulk(member);
  }
  const count = parsePickCount(argument(args, 2), false);
  const set = read(context, args);
  return set ? pickRandom(set.members, count).map(bulk) : [];
}

function scan(context: CommandContext, args: readonly Buffer[]): Reply {
  const cursor = parseCursor(argument(args, 2));
  const set = read(context, args);
  if (!set) return EMPTY_SCAN;
  const collection = { map: set.members, isCompact: set.encoding() === "intset" };
  return scanCollection(args, cursor, collection, (member) => [bulk(member)]);
}

function readSets(context: CommandContext, names: readonly Buffer[]): Sets {
  return names.map((name) => context.read(name.toString("latin1"), SetValue));
}

function union(sets: Sets): Iterable<string> {
  return new Set(sets.flatMap((set) => [...(set?.members.keys() ?? [])]));
}

function intersection([first, ...others]: Sets): string[] {
  return [...(first?.members.keys() ?? [])].filter((member) =>
    others.every((other) => other?.members.has(member)),
  );
}

function difference([first, ...others]: Sets): string[] {
  return [...(first?.members.keys() ?? [])].filter(
    (member) => !others.some((other) => other?.members.has(member)),
  );
}

type Compute = (sets: Sets) => Iterable<string>;

function answer(compute: Compute): CommandHandler {
  return (context, args) => new SetReply([...compute(readSets(context, args.slice(1)))].map(bulk));
}

function store(compute: Compute, event: string): CommandHandler {
  return (context, args) => {
    const name = key(args, 1);
    const result = new SetValue();
    for (const member of compute(readSets(context, args.slice(2)))) result.add(member);
    if (result.size === 0) {
      if (context.delete(name)) context.changed(name, "g", "del");
      return 0;
    }
    context.set(name, result);
    context.changed(name, "s", event);
    return result.size;
  };
}

function countCommon(context: CommandContext, args: readonly Buffer[]): Reply {
  const most = 2 ** 63;
  const count = parseRange(argument(args, 1), 1, most, "ERR numkeys should be greater than 0");
  if (count > args.length - 2) {
    throw new RedisError("ERR Number of keys can't be greater than number of args");
  }
  let limit = 0;
  for (let at = 2 + count; at < args.length; at += 2) {
    if (!isWord(args[at], "limit") || at + 1 >= args.length) throw syntaxError();
    limit = parseNatural(argument(args, at + 1), "ERR LIMIT can't be negative");
  }
  const common = intersection(readSets(context, args.slice(2, 2 + count))).length;
  return limit > 0 ? Math.min(limit, common) : common;
}
