import { readLong } from "../parse-arguments.ts";

/** What an empty listpack takes: its header and its end mark. */
export const EMPTY_LISTPACK_BYTES = 7;

/** How many bytes an item takes in Redis's listpack, by which a stream is cut into nodes. */
export function listpackBytes(item: Buffer | bigint): number {
  const number = typeof item === "bigint" ? item : readLong(item);
  const bytes =
    number === undefined
      ? textBytes(typeof item === "bigint" ? 0 : item.length)
      : integerBytes(number);
  return bytes + lengthBytes(bytes);
}

function integerBytes(value: bigint): number {
  if (value >= 0n && value <= 127n) return 1;
  if (value >= -4096n && value <= 4095n) return 2;
  if (BigInt.asIntN(16, value) === value) return 3;
  if (BigInt.asIntN(24, value) === value) return 4;
  return BigInt.asIntN(32, value) === value ? 5 : 9;
}

function textBytes(length: number): number {
  if (length < 64) return length + 1;
  return length + (length < 4096 ? 2 : 5);
}

/** Each item is followed by its length, for reading backwards. */
function lengthBytes(length: number): number {
  if (length <= 127) return 1;
  if (length < 16_383) return 2;
  if (length < 2_097_151) return 3;
  return length < 268_435_455 ? 4 : 5;
}
