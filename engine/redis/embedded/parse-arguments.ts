import { notAnInteger, RedisError } from "./redis-error.ts";

const LONGEST_INTEGER = 20;
const MOST_SAFE_DIGITS = 15;
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/**
 * A 64-bit integer as Redis reads one: no blanks, no plus sign, no leading zeros.
 * @throws RedisError with `message` if it is none
 */
export function parseLong(argument: Buffer, message?: string): bigint {
  const value = readLong(argument);
  if (value === undefined) throw message === undefined ? notAnInteger() : new RedisError(message);
  return value;
}

/** The integer, or undefined if the bytes are none. */
export function readLong(argument: Buffer): bigint | undefined {
  if (argument.length === 0 || argument.length > LONGEST_INTEGER) return undefined;
  const text = argument.toString("latin1");
  if (!/^(?:0|-?[1-9]\d*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return value < MIN || value > MAX ? undefined : value;
}

/** As `parseLong`, answering a number; values beyond 2^53 lose their last digits. */
export function parseInteger(argument: Buffer, message?: string): number {
  if (argument.length <= MOST_SAFE_DIGITS) {
    const text = argument.toString("latin1");
    if (/^(?:0|-?[1-9]\d*)$/.test(text)) return Number(text);
  }
  return Number(parseLong(argument, message));
}

const OUT_OF_RANGE = "ERR value is out of range";

/** An integer within bounds, else `ERR value is out of range` (or `message`). */
export function parseRange(argument: Buffer, low: number, high: number, message?: string): number {
  const value = parseInteger(argument, message);
  if (value < low || value > high) throw new RedisError(message ?? OUT_OF_RANGE);
  return value;
}

const POSITIVE = "ERR value is out of range, must be positive";

/** An integer of 0 or more, else Redis's own error for it. */
export function parseNatural(argument: Buffer, message?: string): number {
  const value = parseInteger(argument, message);
  if (value < 0) throw new RedisError(message ?? POSITIVE);
  return value;
}

/**
 * A floating point number as C's strtod reads it: decimal, hexadecimal, `inf`, `infinity`, no `nan`.
 * @throws RedisError with `message`
 */
export function parseDouble(argument: Buffer, message = "ERR value is not a valid float"): number {
  const value = readDouble(argument);
  if (value === undefined) throw new RedisError(message);
  return value;
}

/** The number, or undefined if the bytes are none. */
export function readDouble(argument: Buffer): number | undefined {
  const text = argument.toString("latin1");
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
    const value = Number(text);
    // strtod reports a number too great for a double, and Redis refuses it.
    return Number.isFinite(value) ? value : undefined;
  }
  const infinity = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinity) return infinity[1] === "-" ? -Infinity : Infinity;
  const hexadecimal = /^([+-]?)(0x[\da-f]+)$/i.exec(text);
  if (hexadecimal) return (hexadecimal[1] === "-" ? -1 : 1) * Number(hexadecimal[2]);
  return undefined;
}

/** The cursor of a SCAN, read as C's strtoul does: "" is 0, and "-1" the last one. */
export function parseCursor(argument: Buffer): bigint {
  const text = argument.toString("latin1");
  if (text === "") return 0n;
  const [, sign, digits] = /^([+-]?)(\d+)$/.exec(text) ?? [];
  const value = digits === undefined ? undefined : BigInt(digits);
  if (value === undefined || BigInt.asUintN(64, value) !== value) {
    throw new RedisError("ERR invalid cursor");
  }
  return sign === "-" ? BigInt.asUintN(64, -value) : value;
}

/** Whether an argument is this word, in any case. `word` is in lower case. */
export function isWord(argument: Buffer | undefined, word: string): boolean {
  return (
    argument !== undefined &&
    argument.length === word.length &&
    argument.toString("latin1").toLowerCase() === word
  );
}
