import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { matchesGlob } from "../glob.ts";
import { parseCursor, parseInteger, parseRange } from "../parse-arguments.ts";
import { noSuchKey, RedisError, syntaxError } from "../redis-error.ts";
import { bulk, OK, type Reply, SimpleString } from "../reply.ts";

/** Keys of whatever type. */
export const keyCommands: Command[] = [
  { name: "del", handler: deleteKeys },
  { name: "unlink", handler: deleteKeys },
  { name: "exists", handler: countKeys },
  { name: "touch", handler: countKeys },
  { name: "type", handler: typeOf },
  { name: "rename", handler: rename },
  { name: "renamenx", handler: renameIfFree },
  { name: "copy", handler: copy },
  { name: "move", handler: move },
  { name: "keys", handler: listKeys },
  { name: "scan", handler: scan },
  {
    name: "randomkey",
    handler: (context) => {
      const name = context.db.randomKey();
      return name === undefined ? null : bulk(name);
    },
  },
];

function names(args: readonly Buffer[]): string[] {
  return args.slice(1).map((name) => name.toString("latin1"));
}

function deleteKeys(context: CommandContext, args: readonly Buffer[]): Reply {
  let deleted = 0;
  for (const name of names(args)) {
    if (!context.delete(name)) continue;
    context.changed(name, "g", "del");
    deleted += 1;
  }
  return deleted;
}

function countKeys(context: CommandContext, args: readonly Buffer[]): Reply {
  return names(args).filter((name) => context.entry(name)).length;
}

function typeOf(context: CommandContext, args: readonly Buffer[]): Reply {
  return new SimpleString(context.db.find(key(args, 1))?.value.type ?? "none");
}

function rename(context: CommandContext, args: readonly Buffer[]): Reply {
  renameKey(context, key(args, 1), key(args, 2));
  return OK;
}

function renameIfFree(context: CommandContext, args: readonly Buffer[]): Reply {
  const [from, to] = [key(args, 1), key(args, 2)];
  if (!context.db.find(from)) throw noSuchKey();
  if (context.db.find(to)) return 0;
  renameKey(context, from, to);
  return 1;
}

function renameKey(context: CommandContext, from: string, to: string): void {
  const entry = context.db.find(from);
  if (!entry) throw noSuchKey();
  if (from === to) return;
  context.delete(from);
  context.set(to, entry.value, entry.expiresAtMs);
  context.changed(from, "g", "rename_from");
  context.changed(to, "g", "rename_to");
}

function copy(context: CommandContext, args: readonly Buffer[]): Reply {
  const [from, to] = [key(args, 1), key(args, 2)];
  let index = context.client.database;
  let replace = false;
  for (let at = 3; at < args.length; at++) {
    const word = argument(args, at).toString("latin1").toLowerCase();
    if (word === "replace") replace = true;
    else if (word === "db" && at + 1 < args.length) {
      at += 1;
      index = databaseIndex(context, argument(args, at));
    } else throw syntaxError();
  }
  const target = context.server.database(index);
  if (target === context.db && from === to) {
    throw new RedisError("ERR source and destination objects are the same");
  }
  const entry = context.entry(from);
  if (!entry || (target.find(to) && !replace)) return 0;
  target.set(to, entry.value.clone(), entry.expiresAtMs);
  context.server.touched(target, to, context.client);
  context.server.notify("g", "copy_to", index, to);
  return 1;
}

function databaseIndex(context: CommandContext, argument_: Buffer): number {
  const index = parseRange(argument_, -(2 ** 31), 2 ** 31 - 1);
  if (!context.server.databases[index]) throw new RedisError("ERR DB index is out of range");
  return index;
}

function move(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const index = databaseIndex(context, argument(args, 2));
  const target = context.server.database(index);
  if (target === context.db) {
    throw new RedisError("ERR source and destination objects are the same");
  }
  const entry = context.db.find(name);
  if (!entry || target.find(name)) return 0;
  context.delete(name);
  target.set(name, entry.value, entry.expiresAtMs);
  context.changed(name, "g", "move_from");
  context.server.touched(target, name, context.client);
  context.server.notify("g", "move_to", index, name);
  return 1;
}

function listKeys(context: CommandContext, args: readonly Buffer[]): Reply {
  const pattern = key(args, 1);
  const found: Buffer[] = [];
  for (const name of context.db.keys()) {
    if (pattern === "*" || matchesGlob(pattern, name)) found.push(bulk(name));
  }
  return found;
}

function scan(context: CommandContext, args: readonly Buffer[]): Reply {
  const cursor = parseCursor(argument(args, 1));
  const options = readScanOptions(args, 2, true);
  const { next, keys } = context.db.scan(cursor, options.count);
  const found = keys.filter(
    (name) =>
      (options.match === undefined || matchesGlob(options.match, name)) &&
      (options.type === undefined || context.db.find(name)?.value.type === options.type),
  );
  return [bulk(next.toString()), found.map(bulk)];
}

/** What SCAN, HSCAN, SSCAN and ZSCAN have in common. */
export interface ScanOptions {
  count: number;
  match?: string;
  /** In lower case; SCAN only. */
  type?: string;
}

/** Reads MATCH, COUNT and (for SCAN) TYPE. */
export function readScanOptions(
  args: readonly Buffer[],
  from: number,
  mayHaveType = false,
): ScanOptions {
  const options: ScanOptions = { count: 10 };
  for (let at = from; at < args.length; at += 2) {
    const word = argument(args, at).toString("latin1").toLowerCase();
    const value = args[at + 1];
    if (!value) throw syntaxError();
    if (word === "count") {
      options.count = parseInteger(value);
      if (options.count < 1) throw syntaxError();
    } else if (word === "match") options.match = value.toString("latin1");
    else if (word === "type" && mayHaveType) options.type = value.toString("latin1").toLowerCase();
    else throw syntaxError();
  }
  return options;
}
