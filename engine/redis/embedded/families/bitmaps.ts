import { growForBits, readBitOffset } from "../bits/bit-strings.ts";
import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import type { Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

/** Strings as bits, the highest bit of a byte first. */
export const bitmapCommands: Command[] = [
  { name: "setbit", handler: setBit },
  { name: "getbit", handler: getBit },
  { name: "bitcount", handler: countBits },
  { name: "bitpos", handler: findBit },
  { name: "bitop", handler: combine },
];

function bitAt(bytes: Buffer, offset: number): 0 | 1 {
  return ((bytes[Math.floor(offset / 8)] ?? 0) >> (7 - (offset % 8))) & 1 ? 1 : 0;
}

function setBit(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const offset = readBitOffset(argument(args, 2));
  const wrongBit = "ERR bit is not an integer or out of range";
  const bit = parseInteger(argument(args, 3), wrongBit);
  if (bit !== 0 && bit !== 1) throw new RedisError(wrongBit);
  const { value, hasGrown } = growForBits(context, name, offset);
  const before = bitAt(value.bytes, offset);
  if (before !== bit) {
    const at = Math.floor(offset / 8);
    value.bytes[at] = (value.bytes[at] ?? 0) ^ (1 << (7 - (offset % 8)));
  }
  if (before !== bit || hasGrown) context.changed(name, "$", "setbit");
  return before;
}

function getBit(context: CommandContext, args: readonly Buffer[]): Reply {
  const offset = readBitOffset(argument(args, 2));
  const bytes = context.read(key(args, 1), StringValue)?.bytes;
  return bytes ? bitAt(bytes, offset) : 0;
}

interface BitRange {
  /** Both included, in bits; nothing if `first` is greater. */
  readonly first: number;
  readonly last: number;
}

/** A range in bytes or (BIT) in bits, its ends counted from the end where they are negative. */
function readRange(
  length: number,
  startWord: Buffer,
  endWord: Buffer | undefined,
  unit: Buffer | undefined,
): BitRange {
  const start = parseInteger(startWord);
  const isBits = unit !== undefined && isWord(unit, "bit");
  if (unit && !isBits && !isWord(unit, "byte")) throw syntaxError();
  const end = endWord ? parseInteger(endWord) : -1;
  const total = isBits ? length * 8 : length;
  const [from, to] = [start, end].map((at) => Math.max(at < 0 ? total + at : at, 0));
  const [first, last] = [from ?? 0, Math.min(to ?? 0, total - 1)];
  return isBits ? { first, last } : { first: first * 8, last: last * 8 + 7 };
}

function countBits(context: CommandContext, args: readonly Buffer[]): Reply {
  const bytes = context.read(key(args, 1), StringValue)?.bytes;
  if (!bytes) return 0;
  if (args.length === 2) return countIn(bytes, { first: 0, last: bytes.length * 8 - 1 });
  if (args.length !== 4 && args.length !== 5) throw syntaxError();
  const [start, end] = [parseInteger(argument(args, 2)), parseInteger(argument(args, 3))];
  if (start < 0 && end < 0 && start > end) return 0;
  return countIn(bytes, readRange(bytes.length, argument(args, 2), args[3], args[4]));
}

function countIn(bytes: Buffer, { first, last }: BitRange): number {
  let count = 0;
  for (let at = first; at <= last;) {
    if (at % 8 === 0 && at + 7 <= last) {
      count += ONES[bytes[at / 8] ?? 0] ?? 0;
      at += 8;
    } else {
      count += bitAt(bytes, at);
      at += 1;
    }
  }
  return count;
}

/** How many bits of a byte are set. */
const ONES = Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

function findBit(context: CommandContext, args: readonly Buffer[]): Reply {
  const bit = parseInteger(argument(args, 2));
  if (bit !== 0 && bit !== 1) throw new RedisError("ERR The bit argument must be 1 or 0.");
  const bytes = context.read(key(args, 1), StringValue)?.bytes;
  if (!bytes) return bit === 1 ? -1 : 0;
  if (args.length > 6) throw syntaxError();
  const hasEnd = args.length >= 5;
  const range = args[3]
    ? readRange(bytes.length, args[3], args[4], args[5])
    : { first: 0, last: bytes.length * 8 - 1 };
  const { first, last } = range;
  if (first > last) return -1;
  const plain = bit === 1 ? 0 : 255;
  for (let at = first; at <= last;) {
    if (at % 8 === 0 && at + 7 <= last && bytes[at / 8] === plain) at += 8;
    else if (bitAt(bytes, at) === bit) return at;
    else at += 1;
  }
  // Without an end the string is taken to go on with zeros.
  return bit === 0 && !hasEnd ? last + 1 : -1;
}

const OPERATIONS: Record<string, (a: number, b: number) => number> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

function combine(context: CommandContext, args: readonly Buffer[]): Reply {
  const word = key(args, 1).toLowerCase();
  const operation = OPERATIONS[word];
  if (!operation && word !== "not") throw syntaxError();
  if (!operation && args.length !== 4) {
    throw new RedisError("ERR BITOP NOT must be called with a single source key.");
  }
  const sources = args
    .slice(3)
    .map((name) => context.read(name.toString("latin1"), StringValue)?.bytes ?? Buffer.alloc(0));
  const length = Math.max(...sources.map((bytes) => bytes.length));
  const target = key(args, 2);
  if (length === 0) {
    if (context.delete(target)) context.changed(target, "g", "del");
    return 0;
  }
  const result = Buffer.alloc(length);
  const [first = result, ...others] = sources;
  first.copy(result);
  for (let at = 0; at < length; at++) {
    let byte = result[at] ?? 0;
    if (!operation) byte = ~byte;
    else for (const other of others) byte = operation(byte, other[at] ?? 0);
    result[at] = byte & 255;
  }
  context.set(target, new StringValue(result, true));
  context.changed(target, "$", "set");
  return length;
}
