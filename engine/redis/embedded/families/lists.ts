import { argument, type Command, type CommandHandler, keep, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger, parseNatural, parseRange } from "../parse-arguments.ts";
import { noSuchKey, RedisError, syntaxError } from "../redis-error.ts";
import { NIL_ARRAY, OK, type Reply } from "../reply.ts";
import { type ListEnd, ListValue } from "../values/list.ts";

const NOT_POSITIVE = "ERR value is out of range, must be positive";

/** Lists, without what moves and blocks (list-moves.ts). */
export const listCommands: Command[] = [
  { name: "lpush", handler: push("left", false) },
  { name: "rpush", handler: push("right", false) },
  { name: "lpushx", handler: push("left", true) },
  { name: "rpushx", handler: push("right", true) },
  { name: "lpop", handler: pop("left", "lpop") },
  { name: "rpop", handler: pop("right", "rpop") },
  {
    name: "llen",
    handler: (context, args) => context.read(key(args, 1), ListValue)?.items.length ?? 0,
  },
  { name: "lindex", handler: index },
  { name: "lset", handler: setItem },
  { name: "lrange", handler: range },
  { name: "ltrim", handler: trim },
  { name: "lrem", handler: remove },
  { name: "linsert", handler: insert },
  { name: "lpos", handler: position },
];

/** Takes items from a list, tells of it, and deletes the key with its last item. */
export function popItems(
  context: CommandContext,
  name: string,
  end: ListEnd,
  count: number,
): Buffer[] {
  const list = context.read(name, ListValue);
  if (!list || count === 0) return [];
  const items = list.pop(end, count);
  context.changed(name, "l", end === "left" ? "lpop" : "rpop");
  deleteIfEmpty(context, name, list);
  return items;
}

/** A list without items is no key. */
export function deleteIfEmpty(context: CommandContext, name: string, list: ListValue): void {
  if (list.items.length > 0) return;
  context.delete(name);
  context.changed(name, "g", "del");
}

function push(end: ListEnd, mustExist: boolean): CommandHandler {
  return (context, args) => {
    const name = key(args, 1);
    if (mustExist && !context.read(name, ListValue)) return 0;
    const list = context.readOrCreate(name, ListValue);
    for (const item of args.slice(2)) list.push(end, keep(item));
    context.changed(name, "l", end === "left" ? "lpush" : "rpush");
    return list.items.length;
  };
}

function pop(end: ListEnd, command: string): CommandHandler {
  return (context, args) => {
    if (args.length > 3) {
      throw new RedisError(`ERR wrong number of arguments for '${command}' command`);
    }
    const name = key(args, 1);
    const hasCount = args.length === 3;
    const count = hasCount ? parseNatural(argument(args, 2), NOT_POSITIVE) : 1;
    if (!context.read(name, ListValue)) return hasCount ? NIL_ARRAY : null;
    const items = popItems(context, name, end, count);
    return hasCount ? items : (items[0] ?? null);
  };
}

function index(context: CommandContext, args: readonly Buffer[]): Reply {
  const list = context.read(key(args, 1), ListValue);
  return list?.items.at(parseInteger(argument(args, 2))) ?? null;
}

function setItem(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const list = context.read(name, ListValue);
  if (!list) throw noSuchKey();
  const asked = parseInteger(argument(args, 2));
  const at = asked < 0 ? asked + list.items.length : asked;
  if (at < 0 || at >= list.items.length) throw new RedisError("ERR index out of range");
  list.items[at] = keep(argument(args, 3));
  context.changed(name, "l", "lset");
  return OK;
}

/** The items between two indexes, both included; negative ones count from the end. */
function between(list: ListValue, args: readonly Buffer[]): Buffer[] {
  const { length } = list.items;
  const [start, end] = [2, 3].map((at) => {
    const asked = parseInteger(argument(args, at));
    return asked < 0 ? asked + length : asked;
  });
  return list.items.slice(Math.max(start ?? 0, 0), Math.max((end ?? 0) + 1, 0));
}

function range(context: CommandContext, args: readonly Buffer[]): Reply {
  between(new ListValue(), args);
  const list = context.read(key(args, 1), ListValue);
  return list ? between(list, args) : [];
}

function trim(context: CommandContext, args: readonly Buffer[]): Reply {
  between(new ListValue(), args);
  const name = key(args, 1);
  const list = context.read(name, ListValue);
  if (!list) return OK;
  list.items = between(list, args);
  context.changed(name, "l", "ltrim");
  deleteIfEmpty(context, name, list);
  return OK;
}

function remove(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const count = parseInteger(argument(args, 2));
  const item = argument(args, 3);
  const list = context.read(name, ListValue);
  if (!list) return 0;
  let left = count === 0 ? Infinity : Math.abs(count);
  const stays = (other: Buffer) => left === 0 || !other.equals(item) || ((left -= 1), false);
  const before = list.items.length;
  list.items =
    count < 0 ? list.items.toReversed().filter(stays).toReversed() : list.items.filter(stays);
  const removed = before - list.items.length;
  if (removed > 0) {
    context.changed(name, "l", "lrem");
    deleteIfEmpty(context, name, list);
  }
  return removed;
}

function insert(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const isAfter = isWord(args[2], "after");
  if (!isAfter && !isWord(args[2], "before")) throw syntaxError();
  const list = context.read(name, ListValue);
  if (!list) return 0;
  const pivot = argument(args, 3);
  const at = list.items.findIndex((item) => item.equals(pivot));
  if (at < 0) return -1;
  list.items.splice(isAfter ? at + 1 : at, 0, keep(argument(args, 4)));
  context.changed(name, "l", "linsert");
  return list.items.length;
}

function position(context: CommandContext, args: readonly Buffer[]): Reply {
  let rank = 1;
  let count: number | undefined;
  let longest = 0;
  for (let at = 3; at < args.length; at += 2) {
    const value = args[at + 1];
    if (!value) throw syntaxError();
    if (isWord(args[at], "rank")) {
      rank = parseInteger(value);
      if (rank === 0) throw new RedisError(RANK_IS_ZERO);
    } else if (isWord(args[at], "count")) {
      count = parseRange(value, 0, Infinity, "ERR COUNT can't be negative");
    } else if (isWord(args[at], "maxlen")) {
      longest = parseRange(value, 0, Infinity, "ERR MAXLEN can't be negative");
    } else throw syntaxError();
  }
  const items = context.read(key(args, 1), ListValue)?.items ?? [];
  const item = argument(args, 2);
  const found: number[] = [];
  const enough = count === undefined ? 1 : count || Infinity;
  const steps = Math.min(longest || Infinity, items.length);
  let skip = Math.abs(rank) - 1;
  for (let step = 0; step < steps && found.length < enough; step++) {
    const at = rank > 0 ? step : items.length - 1 - step;
    if (items[at]?.equals(item) !== true) continue;
    if (skip > 0) skip -= 1;
    else found.push(at);
  }
  return count === undefined ? (found[0] ?? null) : found;
}

const RANK_IS_ZERO =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list";
