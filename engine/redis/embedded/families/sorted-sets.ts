import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { formatDouble } from "../format-double.ts";
import { isWord, parseCursor, parseDouble } from "../parse-arguments.ts";
import { parsePickCount, pickRandom } from "../pick-random.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, DoubleReply, type Reply } from "../reply.ts";
import { EMPTY_SCAN, scanCollection } from "../scan-collection.ts";
import { removedFrom, showScored } from "../sorted-set-replies.ts";
import { SortedSetValue } from "../values/sorted-set.ts";

/** Sorted sets, member by member. */
export const sortedSetCommands: Command[] = [
  { name: "zadd", handler: (context, args) => add(context, args, readAddOptions(args)) },
  { name: "zincrby", handler: (context, args) => add(context, args, { incr: true, from: 2 }) },
  { name: "zcard", handler: (context, args) => read(context, args)?.size ?? 0 },
  { name: "zscore", handler: (context, args) => score(read(context, args), key(args, 2)) },
  {
    name: "zmscore",
    handler: (context, args) => {
      const set = read(context, args);
      return args.slice(2).map((member) => score(set, member.toString("latin1")));
    },
  },
  { name: "zrank", handler: rank(false) },
  { name: "zrevrank", handler: rank(true) },
  { name: "zrem", handler: remove },
  { name: "zrandmember", handler: randomMembers },
  { name: "zscan", handler: scan },
];

interface AddOptions {
  nx?: boolean;
  xx?: boolean;
  gt?: boolean;
  lt?: boolean;
  ch?: boolean;
  incr?: boolean;
  /** Where the scores and members begin. */
  from: number;
}

function read(context: CommandContext, args: readonly Buffer[]): SortedSetValue | undefined {
  return context.read(key(args, 1), SortedSetValue);
}

function score(set: SortedSetValue | undefined, member: string): Reply {
  const found = set?.scores.get(member);
  return found === undefined ? null : new DoubleReply(found);
}

const ADD_WORDS = ["nx", "xx", "gt", "lt", "ch", "incr"] as const;

function readAddOptions(args: readonly Buffer[]): AddOptions {
  const options: AddOptions = { from: 2 };
  for (;;) {
    const word = ADD_WORDS.find((each) => isWord(args[options.from], each));
    if (!word) return options;
    options[word] = true;
    options.from += 1;
  }
}

function checkAdd({ nx, xx, gt, lt, incr, from }: AddOptions, args: readonly Buffer[]): void {
  const rest = args.length - from;
  if (rest === 0 || rest % 2 === 1) throw syntaxError();
  if (nx && xx) {
    throw new RedisError("ERR XX and NX options at the same time are not compatible");
  }
  if ((nx && (gt || lt)) || (gt && lt)) {
    throw new RedisError("ERR GT, LT, and/or NX options at the same time are not compatible");
  }
  if (incr && rest > 2) {
    throw new RedisError("ERR INCR option supports a single increment-element pair");
  }
}

function add(context: CommandContext, args: readonly Buffer[], options: AddOptions): Reply {
  checkAdd(options, args);
  const items: { member: string; by: number }[] = [];
  for (let at = options.from; at < args.length; at += 2) {
    items.push({ by: parseDouble(argument(args, at)), member: key(args, at + 1) });
  }
  const name = key(args, 1);
  if (!context.read(name, SortedSetValue) && options.xx) return options.incr ? null : 0;
  const set = context.readOrCreate(name, SortedSetValue);
  let added = 0;
  let updated = 0;
  let last: number | undefined;
  for (const { member, by } of items) {
    const before = set.scores.get(member);
    last = nextScore(before, by, options);
    if (last === undefined || last === before) continue;
    set.set(member, last);
    if (before === undefined) added += 1;
    else updated += 1;
  }
  if (added + updated > 0) context.changed(name, "z", options.incr ? "zincr" : "zadd");
  if (options.incr) return last === undefined ? null : new DoubleReply(last);
  return options.ch ? added + updated : added;
}

/** The score that a member gets; undefined if the options forbid it. */
function nextScore(
  before: number | undefined,
  by: number,
  { nx, xx, gt, lt, incr }: AddOptions,
): number | undefined {
  if (before === undefined) return xx ? undefined : by;
  if (nx) return undefined;
  const after = incr ? before + by : by;
  if (Number.isNaN(after)) throw new RedisError("ERR resulting score is not a number (NaN)");
  return (gt && after <= before) || (lt && after >= before) ? undefined : after;
}

function rank(reversed: boolean): CommandHandler {
  return (context, args) => {
    const set = read(context, args);
    const place = set?.rank(key(args, 2));
    if (!set || place === undefined) return null;
    return reversed ? set.size - 1 - place : place;
  };
}

function remove(context: CommandContext, args: readonly Buffer[]): Reply {
  const set = read(context, args);
  if (!set) return 0;
  let removed = 0;
  for (const member of args.slice(2)) if (set.delete(member.toString("latin1"))) removed += 1;
  if (removed > 0) removedFrom(context, key(args, 1), set, "zrem");
  return removed;
}

function randomMembers(context: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length === 2) {
    const member = read(context, args)?.scores.randomKey();
    return member === undefined ? null : bulk(member);
  }
  const withScores = args.length === 4 && isWord(args[3], "withscores");
  const count = parsePickCount(argument(args, 2), withScores);
  if (args.length > 3 && !withScores) throw syntaxError();
  const set = read(context, args);
  if (!set) return [];
  const picked = pickRandom(set.scores, count);
  const items = picked.map((member) => ({ member, score: set.scores.get(member) ?? 0 }));
  return showScored(context, items, withScores);
}

function scan(context: CommandContext, args: readonly Buffer[]): Reply {
  const cursor = parseCursor(argument(args, 2));
  const set = read(context, args);
  if (!set) return EMPTY_SCAN;
  const collection = { map: set.scores, isCompact: set.encoding() === "listpack" };
  return scanCollection(args, cursor, collection, (member, value) => [
    bulk(member),
    bulk(formatDouble(value)),
  ]);
}
