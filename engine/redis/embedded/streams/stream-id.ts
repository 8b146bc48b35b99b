import { isWord } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { bulk } from "../reply.ts";

/** Milliseconds and a sequence number of 64 bits each, as one number: IDs compare as numbers do. */
export type StreamId = bigint;

const LOW = 2n ** 64n - 1n;
const LONGEST = 127;

export const LEAST_ID: StreamId = 0n;
export const GREATEST_ID: StreamId = 2n ** 128n - 1n;

export function streamId(ms: bigint, sequence: bigint): StreamId {
  return (ms << 64n) | sequence;
}

export function idMs(id: StreamId): bigint {
  return id >> 64n;
}

export function idSequence(id: StreamId): bigint {
  return id & LOW;
}

export function showId(id: StreamId): Buffer {
  return bulk(`${idMs(id)}-${idSequence(id)}`);
}

function invalid(): RedisError {
  return new RedisError("ERR Invalid stream ID specified as stream command argument");
}

/**
 * An ID: `ms-sequence`, or `ms` alone, whose sequence is then `missing`.
 * @throws RedisError if it is none
 */
export function parseId(argument: Buffer, missing = 0n): StreamId {
  const id = readId(argument, missing);
  if (id === undefined) throw invalid();
  return id;
}

/** As `parseId`; undefined if it is none. */
export function readId(argument: Buffer, missing = 0n): StreamId | undefined {
  const [first, second] = parts(argument);
  const ms = readNumber(first);
  const sequence = second === undefined ? missing : readNumber(second);
  return ms === undefined || sequence === undefined ? undefined : streamId(ms, sequence);
}

/** The ID of XADD: also `ms-*`, for which `sequence` is undefined. */
export function parseNewId(argument: Buffer): { ms: bigint; sequence: bigint | undefined } {
  const [first, second] = parts(argument);
  const ms = readNumber(first);
  if (ms !== undefined && second === "*") return { ms, sequence: undefined };
  const id = parseId(argument);
  return { ms: idMs(id), sequence: idSequence(id) };
}

/** As `parseId`, and `-` and `+` for the least and the greatest. */
export function parseBound(argument: Buffer, missing = 0n): StreamId {
  if (isWord(argument, "-")) return LEAST_ID;
  if (isWord(argument, "+")) return GREATEST_ID;
  return parseId(argument, missing);
}

/** The start of a range, `(` before it leaves the ID itself out. */
export function parseStart(argument: Buffer): StreamId {
  if (!isExclusive(argument)) return parseBound(argument);
  const id = parseId(argument.subarray(1));
  if (id === GREATEST_ID) throw new RedisError("ERR invalid start ID for the interval");
  return id + 1n;
}

/** The end of a range, as `parseStart`. */
export function parseEnd(argument: Buffer): StreamId {
  if (!isExclusive(argument)) return parseBound(argument, LOW);
  const id = parseId(argument.subarray(1), LOW);
  if (id === LEAST_ID) throw new RedisError("ERR invalid end ID for the interval");
  return id - 1n;
}

function isExclusive(argument: Buffer): boolean {
  return argument.length > 1 && argument[0] === 0x28;
}

/** Before and behind the first minus. Redis reads them as C strings, which a zero byte ends. */
function parts(argument: Buffer): [string, string | undefined] {
  if (argument.length > LONGEST) throw invalid();
  const [text = ""] = argument.toString("latin1").split("\0", 1);
  const at = text.indexOf("-");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A number as C's strtoull reads it, except for plain negative ones, which Redis refuses. */
function readNumber(text: string): bigint | undefined {
  const [, sign, digits] = /^[\t-\r ]*([+-]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined || /^-[1-9]/.test(text)) return undefined;
  const value = BigInt(digits);
  if (value > LOW) return undefined;
  return sign === "-" ? BigInt.asUintN(64, -value) : value;
}
