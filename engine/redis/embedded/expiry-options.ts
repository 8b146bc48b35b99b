import type { CommandContext } from "./command-context.ts";
import { parseLong } from "./parse-arguments.ts";
import { RedisError } from "./redis-error.ts";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);

/** How the number of an expiry is meant. */
export interface ExpiryUnit {
  readonly unit: "s" | "ms";
  /** A moment (EXAT), not a duration (EX). */
  readonly absolute: boolean;
}

export const EXPIRY_WORDS: Readonly<Record<string, ExpiryUnit>> = {
  ex: { unit: "s", absolute: false },
  px: { unit: "ms", absolute: false },
  exat: { unit: "s", absolute: true },
  pxat: { unit: "ms", absolute: true },
};

/**
 * The moment in milliseconds since 1970 that SET's or GETEX's option means. Must be positive.
 * @throws RedisError with Redis's text
 */
export function positiveExpiry(
  context: CommandContext,
  argument: Buffer,
  unit: ExpiryUnit,
  command: string,
): number {
  const value = parseLong(argument);
  if (value <= 0n) throw invalidExpiry(command);
  return toMoment(context, value, unit, command);
}

/** The moment for EXPIRE and its relatives, where the number may be in the past. */
export function anyExpiry(
  context: CommandContext,
  argument: Buffer,
  unit: ExpiryUnit,
  command: string,
): number {
  return toMoment(context, parseLong(argument), unit, command);
}

function toMoment(
  context: CommandContext,
  value: bigint,
  { unit, absolute }: ExpiryUnit,
  command: string,
): number {
  const ms = unit === "s" ? value * 1000n : value;
  if (ms > MAX || ms < MIN) throw invalidExpiry(command);
  const base = absolute ? 0n : BigInt(context.nowMs);
  if (ms > MAX - base) throw invalidExpiry(command);
  return Number(ms + base);
}

function invalidExpiry(command: string): RedisError {
  return new RedisError(`ERR invalid expire time in '${command}' command`);
}
