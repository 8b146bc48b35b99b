import { readLong } from "../parse-arguments.ts";
import { bulk } from "../reply.ts";

const HEADER_BYTES = 6;
const END = 0xff;
/** From so many items on, a listpack does not say how many they are. */
const UNCOUNTED = 65_535;

/** Redis's listpack of some items; those that are integers are stored as such. */
export function writeListpack(items: readonly (Buffer | bigint)[]): Buffer {
  const parts = items.map(writeItem);
  const total = parts.reduce((sum, part) => sum + part.length, HEADER_BYTES + 1);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(total, 0);
  header.writeUInt16LE(Math.min(items.length, UNCOUNTED), 4);
  return Buffer.concat([header, ...parts, Buffer.of(END)], total);
}

/** The items as texts; undefined if the bytes are no listpack. */
export function readListpack(bytes: Buffer): Buffer[] | undefined {
  if (bytes.length < HEADER_BYTES + 1 || bytes.readUInt32LE(0) !== bytes.length) return undefined;
  const items: Buffer[] = [];
  let at = HEADER_BYTES;
  while (bytes[at] !== END) {
    const found = readItem(bytes, at);
    if (!found) return undefined;
    items.push(found.item);
    const length = found.end - at;
    at = found.end + lengthOfLength(length);
    if (at >= bytes.length) return undefined;
  }
  const count = bytes.readUInt16LE(4);
  if (at !== bytes.length - 1 || (count !== UNCOUNTED && count !== items.length)) return undefined;
  return items;
}

/** How many bytes an item adds to a listpack. */
export function writeItem(item: Buffer | bigint): Buffer {
  const number = typeof item === "bigint" ? item : readLong(item);
  const body = number === undefined ? writeText(item as Buffer) : writeInteger(number);
  return Buffer.concat([body, writeLength(body.length)]);
}

function writeInteger(value: bigint): Buffer {
  if (value >= 0n && value <= 127n) return Buffer.of(Number(value));
  if (value >= -4096n && value <= 4095n) {
    const bits = Number(BigInt.asUintN(13, value));
    return Buffer.of(0xc0 | (bits >> 8), bits & 0xff);
  }
  const [mark, bytes] =
    BigInt.asIntN(16, value) === value
      ? [0xf1, 2]
      : BigInt.asIntN(24, value) === value
        ? [0xf2, 3]
        : BigInt.asIntN(32, value) === value
          ? [0xf3, 4]
          : [0xf4, 8];
  const body = Buffer.alloc(9);
  body[0] = mark;
  body.writeBigInt64LE(value, 1);
  return body.subarray(0, bytes + 1);
}

function writeText(text: Buffer): Buffer {
  const { length } = text;
  if (length < 64) return Buffer.concat([Buffer.of(0x80 | length), text]);
  if (length < 4096) return Buffer.concat([Buffer.of(0xe0 | (length >> 8), length & 0xff), text]);
  const head = Buffer.alloc(5, 0xf0);
  head.writeUInt32LE(length, 1);
  return Buffer.concat([head, text]);
}

/** The length that stands behind an item, for reading backwards: seven bits a byte. */
function writeLength(length: number): Buffer {
  const count = lengthOfLength(length);
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at++) {
    const seven = Math.floor(length / 128 ** (count - 1 - at)) & 127;
    bytes[at] = at === 0 ? seven : seven | 128;
  }
  return bytes;
}

function lengthOfLength(length: number): number {
  if (length <= 127) return 1;
  if (length < 16_383) return 2;
  if (length < 2_097_151) return 3;
  return length < 268_435_455 ? 4 : 5;
}

function readItem(bytes: Buffer, at: number): { item: Buffer; end: number } | undefined {
  const mark = bytes[at] ?? END;
  const text = (start: number, length: number) =>
    start + length < bytes.length
      ? { item: bytes.subarray(start, start + length), end: start + length }
      : undefined;
  const integer = (length: number) => {
    const end = at + 1 + length;
    if (end >= bytes.length) return undefined;
    const padded = Buffer.alloc(8);
    bytes.copy(padded, 0, at + 1, end);
    const value = BigInt.asIntN(length * 8, padded.readBigUInt64LE(0));
    return { item: bulk(String(value)), end };
  };
  if (mark < 0x80) return { item: bulk(String(mark)), end: at + 1 };
  if (mark < 0xc0) return text(at + 1, mark & 0x3f);
  if (mark < 0xe0) {
    const value = BigInt.asIntN(13, BigInt(((mark & 0x1f) << 8) | (bytes[at + 1] ?? 0)));
    return { item: bulk(String(value)), end: at + 2 };
  }
  if (mark < 0xf0) return text(at + 2, ((mark & 0x0f) << 8) | (bytes[at + 1] ?? 0));
  if (mark === 0xf0)
    return at + 5 < bytes.length ? text(at + 5, bytes.readUInt32LE(at + 1)) : undefined;
  const length = { 0xf1: 2, 0xf2: 3, 0xf3: 4, 0xf4: 8 }[mark];
  return length === undefined ? undefined : integer(length);
}
