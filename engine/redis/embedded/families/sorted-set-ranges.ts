import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import type { Reply } from "../reply.ts";
import type { Scored } from "../skip-list.ts";
import { parseBounds, type RangeKind } from "../sorted-set-bounds.ts";
import { removedFrom, showScored } from "../sorted-set-replies.ts";
import { storeSortedSet } from "../store-sorted-set.ts";
import { SortedSetValue } from "../values/sorted-set.ts";

/** Sorted sets, range by range: of ranks, of scores, of members. */
export const sortedSetRangeCommands: Command[] = [
  { name: "zrange", handler: range({}) },
  { name: "zrangestore", handler: range({ store: true }) },
  { name: "zrevrange", handler: range({ kind: "rank", reversed: true }) },
  { name: "zrangebyscore", handler: range({ kind: "score", reversed: false }) },
  { name: "zrevrangebyscore", handler: range({ kind: "score", reversed: true }) },
  { name: "zrangebylex", handler: range({ kind: "lex", reversed: false }) },
  { name: "zrevrangebylex", handler: range({ kind: "lex", reversed: true }) },
  { name: "zcount", handler: count("score") },
  { name: "zlexcount", handler: count("lex") },
  { name: "zremrangebyrank", handler: removeRange("rank", "zremrangebyrank") },
  { name: "zremrangebyscore", handler: removeRange("score", "zremrangebyscore") },
  { name: "zremrangebylex", handler: removeRange("lex", "zremrangebylex") },
];

/** What a command's name fixes; ZRANGE leaves all of it to its options. */
interface RangeForm {
  readonly kind?: RangeKind;
  readonly reversed?: boolean;
  readonly store?: boolean;
}

interface RangeOptions {
  kind: RangeKind | undefined;
  reversed: boolean | undefined;
  withScores: boolean;
  limit?: { offset: number; count: number };
}

function readOptions(args: readonly Buffer[], from: number, form: RangeForm): RangeOptions {
  const options: RangeOptions = { kind: form.kind, reversed: form.reversed, withScores: false };
  const mayReverse = form.kind === undefined;
  for (let at = from; at < args.length; at++) {
    if (!form.store && isWord(args[at], "withscores")) options.withScores = true;
    else if (isWord(args[at], "limit") && at + 2 < args.length) {
      const offset = parseInteger(argument(args, at + 1));
      options.limit = { offset, count: parseInteger(argument(args, at + 2)) };
      at += 2;
    } else if (mayReverse && options.reversed === undefined && isWord(args[at], "rev")) {
      options.reversed = true;
    } else if (options.kind === undefined && isWord(args[at], "bylex")) options.kind = "lex";
    else if (options.kind === undefined && isWord(args[at], "byscore")) options.kind = "score";
    else throw syntaxError();
  }
  return options;
}

function range(form: RangeForm): CommandHandler {
  return (context, args) => {
    const at = form.store ? 2 : 1;
    const { kind = "rank", reversed = false, withScores, limit } = readOptions(args, at + 3, form);
    // Redis takes a count of -1 for no LIMIT at all.
    if (limit && limit.count !== -1 && kind === "rank") {
      throw new RedisError(
        "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
      );
    }
    if (withScores && kind === "lex") {
      throw new RedisError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
    }
    const ends = [argument(args, at + 1), argument(args, at + 2)] as const;
    const [min, max] = reversed && kind !== "rank" ? [ends[1], ends[0]] : ends;
    const find = parseBounds(kind, min, max);
    const set = context.read(key(args, at), SortedSetValue);
    let items: Scored[] = [];
    if (set) {
      const places = find(set, reversed);
      const { start, end } = kind === "rank" ? places : limited(places, limit);
      items = set.slice(start, end, reversed);
    }
    if (form.store) return storeSortedSet(context, key(args, 1), items, "zrangestore");
    return showScored(context, items, withScores);
  };
}

function limited(
  { start, end }: { start: number; end: number },
  limit: RangeOptions["limit"],
): { start: number; end: number } {
  if (!limit) return { start, end };
  if (limit.offset < 0) return { start, end: start };
  const first = Math.min(start + limit.offset, end);
  return { start: first, end: limit.count < 0 ? end : Math.min(first + limit.count, end) };
}

function count(kind: RangeKind): CommandHandler {
  return (context, args) => {
    const find = parseBounds(kind, argument(args, 2), argument(args, 3));
    const set = context.read(key(args, 1), SortedSetValue);
    if (!set) return 0;
    const { start, end } = find(set);
    return end - start;
  };
}

function removeRange(kind: RangeKind, event: string): CommandHandler {
  return (context: CommandContext, args): Reply => {
    const find = parseBounds(kind, argument(args, 2), argument(args, 3));
    const set = context.read(key(args, 1), SortedSetValue);
    if (!set) return 0;
    const { start, end } = find(set);
    const items = set.slice(start, end);
    for (const { member } of items) set.delete(member);
    if (items.length > 0) removedFrom(context, key(args, 1), set, event);
    return items.length;
  };
}
