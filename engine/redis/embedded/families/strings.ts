import { argument, type Command, type CommandHandler, keep, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { EXPIRY_WORDS, type ExpiryUnit, positiveExpiry } from "../expiry-options.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { OK, type Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

interface SetOptions {
  condition?: "nx" | "xx";
  get?: boolean;
  keepTtl?: boolean;
  persist?: boolean;
  expiry?: { argument: Buffer; unit: ExpiryUnit };
}

/** Strings as a whole: reading, setting, several at once. */
export const stringCommands: Command[] = [
  { name: "get", handler: (context, args) => get(context, key(args, 1)) },
  { name: "set", handler: set },
  { name: "setnx", handler: setIfMissing },
  { name: "setex", handler: setWithTtl("setex", { unit: "s", absolute: false }) },
  { name: "psetex", handler: setWithTtl("psetex", { unit: "ms", absolute: false }) },
  { name: "getset", handler: getAndSet },
  { name: "getdel", handler: getAndDelete },
  { name: "getex", handler: getAndExpire },
  { name: "mget", handler: getMany },
  { name: "mset", handler: setMany },
  { name: "msetnx", handler: setManyIfMissing },
];

function get(context: CommandContext, name: string): Reply {
  return context.read(name, StringValue)?.bytes ?? null;
}

function put(context: CommandContext, name: string, value: Buffer, expiresAtMs?: number): void {
  context.set(name, context.noteArgument(new StringValue(keep(value))), expiresAtMs);
  context.changed(name, "$", "set");
}

function set(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const options = readOptions(args, 3, "set");
  const { expiry } = options;
  const expiresAtMs = expiry && positiveExpiry(context, expiry.argument, expiry.unit, "set");
  const before = options.get ? get(context, name) : null;
  const entry = context.db.find(name);
  if ((options.condition === "nx" && entry) || (options.condition === "xx" && !entry)) {
    return before;
  }
  put(context, name, argument(args, 2), options.keepTtl ? entry?.expiresAtMs : expiresAtMs);
  if (expiry) context.server.notify("g", "expire", context.client.database, name);
  return options.get ? before : OK;
}

function readOptions(args: readonly Buffer[], from: number, command: "set" | "getex"): SetOptions {
  const options: SetOptions = {};
  for (let at = from; at < args.length; at++) {
    const word = argument(args, at).toString("latin1").toLowerCase();
    const unit = EXPIRY_WORDS[word];
    // The same word may come again; the last one counts.
    const mayExpire =
      (!options.expiry || options.expiry.unit === unit) && !options.keepTtl && !options.persist;
    if (command === "set" && (word === "nx" || word === "xx")) {
      if (options.condition && options.condition !== word) throw syntaxError();
      options.condition = word;
    } else if (command === "set" && word === "get") options.get = true;
    else if (command === "set" && word === "keepttl" && !options.expiry) options.keepTtl = true;
    else if (command === "getex" && word === "persist" && !options.expiry) options.persist = true;
    else if (unit && mayExpire && at + 1 < args.length) {
      at += 1;
      options.expiry = { argument: argument(args, at), unit };
    } else throw syntaxError();
  }
  return options;
}

function setIfMissing(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  if (context.db.find(name)) return 0;
  put(context, name, argument(args, 2));
  return 1;
}

function setWithTtl(command: string, unit: ExpiryUnit): CommandHandler {
  return (context, args) => {
    const name = key(args, 1);
    const expiresAtMs = positiveExpiry(context, argument(args, 2), unit, command);
    put(context, name, argument(args, 3), expiresAtMs);
    context.server.notify("g", "expire", context.client.database, name);
    return OK;
  };
}

function getAndSet(context: CommandContext, args: readonly Buffer[]): Reply {
  const before = get(context, key(args, 1));
  put(context, key(args, 1), argument(args, 2));
  return before;
}

function getAndDelete(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const before = get(context, name);
  if (context.delete(name)) context.changed(name, "g", "del");
  return before;
}

function getAndExpire(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const { expiry, persist } = readOptions(args, 2, "getex");
  const value = get(context, name);
  if (value === null) return null;
  if (expiry) {
    const atMs = positiveExpiry(context, expiry.argument, expiry.unit, "getex");
    if (atMs <= context.nowMs) {
      context.delete(name);
      context.changed(name, "g", "del");
    } else {
      context.db.setExpiry(name, atMs);
      context.changed(name, "g", "expire");
    }
  } else if (persist && context.db.find(name)?.expiresAtMs !== undefined) {
    context.db.setExpiry(name, undefined);
    context.changed(name, "g", "persist");
  }
  return value;
}

function getMany(context: CommandContext, args: readonly Buffer[]): Reply {
  return args.slice(1).map((name) => {
    const value = context.entry(name.toString("latin1"))?.value;
    return value instanceof StringValue ? value.bytes : null;
  });
}

function setMany(context: CommandContext, args: readonly Buffer[]): Reply {
  checkPairs(args, "mset");
  for (let at = 1; at < args.length; at += 2) put(context, key(args, at), argument(args, at + 1));
  return OK;
}

function setManyIfMissing(context: CommandContext, args: readonly Buffer[]): Reply {
  checkPairs(args, "msetnx");
  for (let at = 1; at < args.length; at += 2) if (context.db.find(key(args, at))) return 0;
  for (let at = 1; at < args.length; at += 2) put(context, key(args, at), argument(args, at + 1));
  return 1;
}

function checkPairs(args: readonly Buffer[], command: string): void {
  if (args.length % 2 === 0) {
    throw new RedisError(`ERR wrong number of arguments for '${command}' command`);
  }
}
