import type { CommandContext } from "../command-context.ts";
import { readLong } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { StringValue } from "../values/string.ts";

const MOST_BITS = 2n ** 32n;

/**
 * The place of a bit. Where `bits` is given, `#n` stands for n times as many.
 * @throws RedisError if it is none, or beyond the longest string
 */
export function readBitOffset(argument: Buffer, bits?: number): number {
  const counted = bits !== undefined && argument[0] === 0x23;
  const value = readLong(counted ? argument.subarray(1) : argument);
  const offset = value === undefined ? -1n : counted ? value * BigInt(bits) : value;
  if (offset < 0n || offset >= MOST_BITS) {
    throw new RedisError("ERR bit offset is not an integer or out of range");
  }
  return Number(offset);
}

/** The string of a key, made or lengthened by zeros so that it has a bit at a place. */
export function growForBits(
  context: CommandContext,
  name: string,
  lastBit: number,
): { value: StringValue; hasGrown: boolean } {
  const needed = Math.floor(lastBit / 8) + 1;
  const known = context.read(name, StringValue);
  const value = known ?? new StringValue(Buffer.alloc(needed), true);
  if (!known) context.set(name, value);
  value.edited = true;
  const hasGrown = !known || value.bytes.length < needed;
  if (value.bytes.length < needed) {
    const longer = Buffer.alloc(needed);
    value.bytes.copy(longer);
    value.bytes = longer;
  }
  return { value, hasGrown };
}
