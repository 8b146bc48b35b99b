import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseNatural, parseRange } from "../parse-arguments.ts";
import { syntaxError } from "../redis-error.ts";
import { bulk, NIL_ARRAY, type Reply } from "../reply.ts";
import type { Scored } from "../skip-list.ts";
import { removedFrom, scoredPair, showScored } from "../sorted-set-replies.ts";
import { SortedSetValue } from "../values/sorted-set.ts";

/** Also for what is no number at all. */
const NOT_POSITIVE = "ERR value is out of range, must be positive";

/** Taking the least or the greatest members away, at once or when there are some. */
export const sortedSetPopCommands: Command[] = [
  { name: "zpopmin", handler: pop("min") },
  { name: "zpopmax", handler: pop("max") },
  { name: "zmpop", handler: (context, args) => popFirst(context, readMany(args, 1)) ?? NIL_ARRAY },
  { name: "bzpopmin", handler: blockingPop("min") },
  { name: "bzpopmax", handler: blockingPop("max") },
  {
    name: "bzmpop",
    handler: (context, args) => {
      const timeoutMs = context.parseTimeout(argument(args, 1));
      return waitFor(context, readMany(args, 2), timeoutMs);
    },
  },
];

type End = "min" | "max";

interface PopMany {
  readonly keys: readonly string[];
  readonly end: End;
  readonly count: number;
  show(name: string, items: readonly Scored[]): Reply;
}

function take(
  context: CommandContext,
  name: string,
  end: End,
  count: number,
): Scored[] | undefined {
  const set = context.read(name, SortedSetValue);
  if (!set) return undefined;
  const items = set.slice(0, count, end === "max");
  for (const { member } of items) set.delete(member);
  if (items.length > 0) removedFrom(context, name, set, `zpop${end}`);
  return items;
}

function pop(end: End): CommandHandler {
  return (context, args) => {
    if (args.length > 3) throw syntaxError();
    const count = args[2] ? parseNatural(args[2], NOT_POSITIVE) : 1;
    const items = take(context, key(args, 1), end, count) ?? [];
    // With a count RESP3 gets pairs, without one the flat array of RESP2.
    return args[2] ? showScored(context, items, true) : items.flatMap(scoredPair);
  };
}

function readMany(args: readonly Buffer[], from: number): PopMany {
  const most = 2 ** 63;
  const keyCount = parseRange(
    argument(args, from),
    1,
    most,
    "ERR numkeys should be greater than 0",
  );
  const endAt = from + 1 + keyCount;
  if (endAt >= args.length) throw syntaxError();
  const end = isWord(args[endAt], "min") ? "min" : isWord(args[endAt], "max") ? "max" : undefined;
  if (!end) throw syntaxError();
  let count: number | undefined;
  for (let at = endAt + 1; at < args.length; at += 2) {
    if (count !== undefined || !isWord(args[at], "count") || at + 1 >= args.length) {
      throw syntaxError();
    }
    count = parseRange(argument(args, at + 1), 1, most, "ERR count should be greater than 0");
  }
  return {
    keys: args.slice(from + 1, endAt).map((name) => name.toString("latin1")),
    end,
    count: count ?? 1,
    show: (name, items) => [bulk(name), items.map(scoredPair)],
  };
}

function popFirst(context: CommandContext, { keys, end, count, show }: PopMany): Reply | undefined {
  for (const name of keys) {
    const items = take(context, name, end, count);
    if (items) return show(name, items);
  }
  return undefined;
}

function blockingPop(end: End): CommandHandler {
  return (context, args) => {
    const timeoutMs = context.parseTimeout(argument(args, args.length - 1));
    return waitFor(
      context,
      {
        keys: args.slice(1, -1).map((name) => name.toString("latin1")),
        end,
        count: 1,
        show: (name, items) => [bulk(name), ...items.flatMap(scoredPair)],
      },
      timeoutMs,
    );
  };
}

function waitFor(context: CommandContext, many: PopMany, timeoutMs: number): Reply {
  const found = popFirst(context, many);
  if (found !== undefined) return found;
  if (!context.mayBlock) return NIL_ARRAY;
  return context.block({
    keys: many.keys,
    timeoutMs,
    onTimeout: NIL_ARRAY,
    // Only a sorted set ends the wait; a key of another type does not.
    attempt: (name) =>
      context.db.find(name)?.value instanceof SortedSetValue
        ? popFirst(context, { ...many, keys: [name] })
        : undefined,
  });
}
