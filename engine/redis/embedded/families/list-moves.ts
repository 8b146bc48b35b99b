import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseRange } from "../parse-arguments.ts";
import { syntaxError } from "../redis-error.ts";
import { bulk, NIL_ARRAY, type Reply } from "../reply.ts";
import { type ListEnd, ListValue } from "../values/list.ts";
import { deleteIfEmpty, popItems } from "./lists.ts";

/** What moves items between lists, pops from the first of several, and waits for items. */
export const listMoveCommands: Command[] = [
  { name: "lmove", handler: (context, args) => moveOnce(context, readMove(args)) },
  {
    name: "rpoplpush",
    handler: (context, args) => moveOnce(context, rightToLeft(args)),
  },
  { name: "blmove", handler: (context, args) => moveOrWait(context, args, 5, readMove) },
  { name: "brpoplpush", handler: (context, args) => moveOrWait(context, args, 3, rightToLeft) },
  {
    name: "lmpop",
    handler: (context, args) => popFirst(context, readPop(args, 1)) ?? NIL_ARRAY,
  },
  { name: "blmpop", handler: popManyOrWait },
  { name: "blpop", handler: popOrWait("left") },
  { name: "brpop", handler: popOrWait("right") },
];

interface Move {
  readonly source: string;
  readonly target: string;
  readonly from: ListEnd;
  readonly to: ListEnd;
}

interface Pop {
  readonly keys: readonly string[];
  readonly end: ListEnd;
  readonly count: number;
}

function readEnd(word: Buffer | undefined): ListEnd {
  if (isWord(word, "left")) return "left";
  if (isWord(word, "right")) return "right";
  throw syntaxError();
}

function readMove(args: readonly Buffer[]): Move {
  const [from, to] = [readEnd(args[3]), readEnd(args[4])];
  return { source: key(args, 1), target: key(args, 2), from, to };
}

function rightToLeft(args: readonly Buffer[]): Move {
  return { source: key(args, 1), target: key(args, 2), from: "right", to: "left" };
}

function moveOnce(context: CommandContext, { source, target, from, to }: Move): Buffer | null {
  const list = context.read(source, ListValue);
  if (!list) return null;
  context.read(target, ListValue);
  const [item] = list.pop(from, 1);
  if (!item) return null;
  context.readOrCreate(target, ListValue).push(to, item);
  context.changed(target, "l", to === "left" ? "lpush" : "rpush");
  context.changed(source, "l", from === "left" ? "lpop" : "rpop");
  deleteIfEmpty(context, source, list);
  return item;
}

function moveOrWait(
  context: CommandContext,
  args: readonly Buffer[],
  timeoutAt: number,
  read: (args: readonly Buffer[]) => Move,
): Reply {
  const move = read(args);
  const timeoutMs = context.parseTimeout(argument(args, timeoutAt));
  const item = moveOnce(context, move);
  if (item !== null || !context.mayBlock) return item;
  return context.block({
    keys: [move.source],
    timeoutMs,
    attempt: (name) =>
      holdsList(context, name) ? (moveOnce(context, move) ?? undefined) : undefined,
    onTimeout: NIL_ARRAY,
  });
}

/** Another type in the place of a list does not wake those who wait for a list. */
function holdsList(context: CommandContext, name: string): boolean {
  return context.db.find(name)?.value instanceof ListValue;
}

function readPop(args: readonly Buffer[], at: number): Pop {
  const many = parseRange(
    argument(args, at),
    1,
    Number.MAX_SAFE_INTEGER,
    "ERR numkeys should be greater than 0",
  );
  const endAt = at + many + 1;
  if (endAt >= args.length) throw syntaxError();
  const end = readEnd(args[endAt]);
  let count: number | undefined;
  for (let option = endAt + 1; option < args.length; option += 2) {
    const value = args[option + 1];
    if (count !== undefined || !value || !isWord(args[option], "count")) throw syntaxError();
    count = parseRange(value, 1, Infinity, "ERR count should be greater than 0");
  }
  const keys = args.slice(at + 1, endAt).map((name) => name.toString("latin1"));
  return { keys, end, count: count ?? 1 };
}

function popFirst(context: CommandContext, { keys, end, count }: Pop): Reply | undefined {
  for (const name of keys) {
    if (context.read(name, ListValue)) return [bulk(name), popItems(context, name, end, count)];
  }
  return undefined;
}

function popManyOrWait(context: CommandContext, args: readonly Buffer[]): Reply {
  const timeoutMs = context.parseTimeout(argument(args, 1));
  const pop = readPop(args, 2);
  return waitFor(context, pop.keys, timeoutMs, (keys) => popFirst(context, { ...pop, keys }));
}

function popOrWait(end: ListEnd): CommandHandler {
  return (context, args) => {
    const timeoutMs = context.parseTimeout(argument(args, args.length - 1));
    const names = args.slice(1, -1).map((name) => name.toString("latin1"));
    return waitFor(context, names, timeoutMs, (keys) => {
      const name = keys.find((each) => context.read(each, ListValue));
      return name === undefined ? undefined : [bulk(name), ...popItems(context, name, end, 1)];
    });
  };
}

function waitFor(
  context: CommandContext,
  keys: readonly string[],
  timeoutMs: number,
  pop: (keys: readonly string[]) => Reply | undefined,
): Reply {
  const reply = pop(keys);
  if (reply !== undefined) return reply;
  if (!context.mayBlock) return NIL_ARRAY;
  return context.block({
    keys,
    timeoutMs,
    attempt: (name) => (holdsList(context, name) ? pop([name]) : undefined),
    onTimeout: NIL_ARRAY,
  });
}
