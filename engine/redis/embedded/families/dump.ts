import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { parseLong } from "../parse-arguments.ts";
import { dumpValue } from "../rdb/dump-value.ts";
import { BadDataError } from "../rdb/rdb-reader.ts";
import { isDump, restoreValue } from "../rdb/restore-value.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { OK, type Reply } from "../reply.ts";
import type { Value } from "../value.ts";

/** A value as bytes that another Redis can take. */
export const dumpCommands: Command[] = [
  {
    name: "dump",
    handler: (context, args) => {
      const entry = context.entry(key(args, 1));
      return entry ? dumpValue(entry.value) : null;
    },
  },
  { name: "restore", handler: restore },
];

interface Options {
  replace: boolean;
  isMoment: boolean;
  idleSeconds: bigint | undefined;
}

function restore(context: CommandContext, args: readonly Buffer[]): Reply {
  const { replace, isMoment, idleSeconds } = readOptions(args);
  const name = key(args, 1);
  if (!replace && context.db.find(name)) {
    throw new RedisError("BUSYKEY Target key name already exists.");
  }
  const ttl = Number(parseLong(argument(args, 2)));
  if (ttl < 0) throw new RedisError("ERR Invalid TTL value, must be >= 0");
  const value = readPayload(argument(args, 3));
  const wasThere = replace && context.db.delete(name);
  const expiresAtMs = ttl === 0 ? undefined : isMoment ? ttl : context.nowMs + ttl;
  if (expiresAtMs !== undefined && expiresAtMs <= context.nowMs) {
    if (wasThere) context.changed(name, "g", "del");
    return OK;
  }
  context.set(name, value, expiresAtMs);
  const entry = context.db.find(name);
  if (entry && idleSeconds !== undefined) {
    entry.usedAtMs = context.nowMs - Number(idleSeconds) * 1000;
  }
  context.changed(name, "g", "restore");
  return OK;
}

function readOptions(args: readonly Buffer[]): Options {
  const options: Options = { replace: false, isMoment: false, idleSeconds: undefined };
  let hasFrequency = false;
  for (let at = 4; at < args.length; at++) {
    const word = key(args, at).toLowerCase();
    const next = args[at + 1];
    if (word === "replace") options.replace = true;
    else if (word === "absttl") options.isMoment = true;
    else if (word === "idletime" && next && !hasFrequency) {
      at += 1;
      options.idleSeconds = parseLong(next);
      if (options.idleSeconds < 0n) {
        throw new RedisError("ERR Invalid IDLETIME value, must be >= 0");
      }
    } else if (word === "freq" && next && options.idleSeconds === undefined) {
      at += 1;
      hasFrequency = true;
      const frequency = parseLong(next);
      if (frequency < 0n || frequency > 255n) {
        throw new RedisError("ERR Invalid FREQ value, must be >= 0 and <= 255");
      }
    } else throw syntaxError();
  }
  return options;
}

function readPayload(payload: Buffer): Value {
  if (!isDump(payload)) throw new RedisError("ERR DUMP payload version or checksum are wrong");
  try {
    return restoreValue(payload);
  } catch (error) {
    if (error instanceof BadDataError) throw new RedisError("ERR Bad data format");
    throw error;
  }
}
