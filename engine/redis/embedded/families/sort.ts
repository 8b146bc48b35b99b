import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger, readDouble } from "../parse-arguments.ts";
import { RedisError, syntaxError, wrongType } from "../redis-error.ts";
import { bulk, type Reply } from "../reply.ts";
import { HashValue } from "../values/hash.ts";
import { ListValue } from "../values/list.ts";
import { SetValue } from "../values/set.ts";
import { SortedSetValue } from "../values/sorted-set.ts";
import { StringValue } from "../values/string.ts";

/** Sorting what is in lists, sets and sorted sets. */
export const sortCommands: Command[] = [
  { name: "sort", handler: sort(false) },
  { name: "sort_ro", handler: sort(true) },
];

interface SortOptions {
  descending: boolean;
  alphabetic: boolean;
  start: number;
  /** Negative: all. */
  count: number;
  by: string | undefined;
  get: string[];
  target: string | undefined;
}

function readOptions(args: readonly Buffer[], readOnly: boolean): SortOptions {
  const options: SortOptions = {
    descending: false,
    alphabetic: false,
    start: 0,
    count: -1,
    by: undefined,
    get: [],
    target: undefined,
  };
  for (let at = 2; at < args.length; at++) {
    const word = args[at];
    const left = args.length - 1 - at;
    if (isWord(word, "asc")) options.descending = false;
    else if (isWord(word, "desc")) options.descending = true;
    else if (isWord(word, "alpha")) options.alphabetic = true;
    else if (isWord(word, "limit") && left >= 2) {
      options.start = parseInteger(argument(args, at + 1));
      options.count = parseInteger(argument(args, at + 2));
      at += 2;
    } else if (isWord(word, "store") && left >= 1 && !readOnly) options.target = key(args, ++at);
    else if (isWord(word, "by") && left >= 1) options.by = key(args, ++at);
    else if (isWord(word, "get") && left >= 1) options.get.push(key(args, ++at));
    else throw syntaxError();
  }
  return options;
}

function sort(readOnly: boolean): CommandHandler {
  return (context, args) => {
    const options = readOptions(args, readOnly);
    const value = context.entry(key(args, 1))?.value;
    // A pattern without a star sorts nothing. A set has no order of its own to keep.
    let keepsOrder = options.by !== undefined && !options.by.includes("*");
    if (keepsOrder && value instanceof SetValue && (options.target ?? context.client.isScript)) {
      keepsOrder = false;
      Object.assign(options, { alphabetic: true, by: undefined });
    }
    const items = itemsOf(value);
    if (!keepsOrder) order(context, items, options);
    else if (options.descending && !(value instanceof SetValue)) items.reverse();
    const found = cut(items, options).flatMap((item): (Buffer | null)[] =>
      options.get.length === 0
        ? [item]
        : options.get.map((pattern) => (pattern === "#" ? item : lookUp(context, pattern, item))),
    );
    return options.target === undefined ? found : store(context, options.target, found);
  };
}

function itemsOf(value: unknown): Buffer[] {
  if (value === undefined) return [];
  if (value instanceof ListValue) return [...value.items];
  if (value instanceof SetValue) return [...value.members.keys()].map(bulk);
  if (value instanceof SortedSetValue) {
    value.useSkipList();
    return value.slice(0, value.size).map(({ member }) => bulk(member));
  }
  throw wrongType();
}

function cut(items: readonly Buffer[], { start, count }: SortOptions): readonly Buffer[] {
  const from = Math.max(start, 0);
  return items.slice(from, count < 0 ? undefined : from + count);
}

function order(context: CommandContext, items: Buffer[], options: SortOptions): void {
  const { by, alphabetic, descending } = options;
  const weighed = items.map((item) => {
    const weight = by === undefined ? item : lookUp(context, by, item);
    return { item, text: weight, score: alphabetic || !weight ? 0 : score(weight) };
  });
  const compare = alphabetic
    ? (a: (typeof weighed)[number], b: typeof a) => compareTexts(a.text, b.text)
    : (a: (typeof weighed)[number], b: typeof a) =>
        a.score < b.score ? -1 : a.score > b.score ? 1 : Buffer.compare(a.item, b.item);
  weighed.sort((a, b) => (descending ? -compare(a, b) : compare(a, b)));
  for (const [at, { item }] of weighed.entries()) items[at] = item;
}

/** What is missing comes first. */
function compareTexts(a: Buffer | null, b: Buffer | null): number {
  if (!a || !b) return a ? 1 : b ? -1 : 0;
  return Buffer.compare(a, b);
}

/** As C's strtod reads it: blanks before it are skipped, and nothing at all is 0. */
function score(weight: Buffer): number {
  const [text = ""] = weight.toString("latin1").split("\0", 1);
  const value = text === "" ? 0 : readDouble(bulk(text.replace(/^[\t-\r ]+/, "")));
  if (value === undefined) {
    throw new RedisError("ERR One or more scores can't be converted into double");
  }
  return value;
}

/** The string, or the field of a hash, that a pattern means for an item. */
function lookUp(context: CommandContext, pattern: string, item: Buffer): Buffer | null {
  const star = pattern.indexOf("*");
  if (pattern === "#") return item;
  if (star < 0) return null;
  const arrow = pattern.indexOf("->", star + 1);
  const hasField = arrow >= 0 && arrow + 2 < pattern.length;
  const end = hasField ? pattern.slice(star + 1, arrow) : pattern.slice(star + 1);
  const name = pattern.slice(0, star) + item.toString("latin1") + end;
  const value = context.entry(name)?.value;
  if (hasField) {
    return value instanceof HashValue ? (value.fields.get(pattern.slice(arrow + 2)) ?? null) : null;
  }
  return value instanceof StringValue ? value.bytes : null;
}

function store(context: CommandContext, target: string, found: readonly (Buffer | null)[]): Reply {
  if (found.length > 0) {
    context.set(target, new ListValue(found.map((item) => Buffer.from(item ?? ""))));
    context.changed(target, "l", "sortstore");
  } else if (context.delete(target)) context.changed(target, "g", "del");
  return found.length;
}
