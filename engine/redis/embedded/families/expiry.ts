import { argument, type Command, type CommandHandler, key } from "../command.ts";
import { anyExpiry, type ExpiryUnit } from "../expiry-options.ts";
import { RedisError } from "../redis-error.ts";

interface Conditions {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
}

/** When keys expire. */
export const expiryCommands: Command[] = [
  { name: "expire", handler: expire("expire", { unit: "s", absolute: false }) },
  { name: "pexpire", handler: expire("pexpire", { unit: "ms", absolute: false }) },
  { name: "expireat", handler: expire("expireat", { unit: "s", absolute: true }) },
  { name: "pexpireat", handler: expire("pexpireat", { unit: "ms", absolute: true }) },
  { name: "ttl", handler: remaining((atMs, nowMs) => toSeconds(Math.max(atMs - nowMs, 0))) },
  { name: "pttl", handler: remaining((atMs, nowMs) => Math.max(atMs - nowMs, 0)) },
  { name: "expiretime", handler: remaining((atMs) => toSeconds(atMs)) },
  { name: "pexpiretime", handler: remaining((atMs) => atMs) },
  {
    name: "persist",
    handler: (context, args) => {
      const name = key(args, 1);
      if (context.db.find(name)?.expiresAtMs === undefined) return 0;
      context.db.setExpiry(name, undefined);
      context.changed(name, "g", "persist");
      return 1;
    },
  },
];

function expire(command: string, unit: ExpiryUnit): CommandHandler {
  return (context, args) => {
    const name = key(args, 1);
    const conditions = readConditions(args);
    const atMs = anyExpiry(context, argument(args, 2), unit, command);
    const entry = context.db.find(name);
    if (!entry || !mayExpire(conditions, entry.expiresAtMs, atMs)) return 0;
    if (atMs <= context.nowMs) {
      context.delete(name);
      context.changed(name, "g", "del");
    } else {
      context.db.setExpiry(name, atMs);
      context.changed(name, "g", "expire");
    }
    return 1;
  };
}

function readConditions(args: readonly Buffer[]): Conditions {
  const found: Conditions = { nx: false, xx: false, gt: false, lt: false };
  for (let at = 3; at < args.length; at++) {
    const text = argument(args, at).toString("latin1");
    const word = text.toLowerCase();
    if (word === "nx" || word === "xx" || word === "gt" || word === "lt") found[word] = true;
    else throw new RedisError(`ERR Unsupported option ${text}`);
  }
  if (found.nx && (found.xx || found.gt || found.lt)) {
    throw new RedisError("ERR NX and XX, GT or LT options at the same time are not compatible");
  }
  if (found.gt && found.lt) {
    throw new RedisError("ERR GT and LT options at the same time are not compatible");
  }
  return found;
}

/** A key without expiry counts as one that expires at the end of time. */
function mayExpire(conditions: Conditions, current: number | undefined, atMs: number): boolean {
  if (conditions.nx && current !== undefined) return false;
  if (conditions.xx && current === undefined) return false;
  if (conditions.gt && (current === undefined || atMs <= current)) return false;
  return !(conditions.lt && current !== undefined && atMs >= current);
}

function remaining(measure: (atMs: number, nowMs: number) => number): CommandHandler {
  return (context, args) => {
    const entry = context.db.find(key(args, 1));
    if (!entry) return -2;
    return entry.expiresAtMs === undefined ? -1 : measure(entry.expiresAtMs, context.nowMs);
  };
}

/** Redis rounds to the nearest second. */
function toSeconds(ms: number): number {
  return Math.floor((ms + 500) / 1000);
}
