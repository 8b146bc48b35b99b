import { keep } from "../command.ts";
import { readDouble } from "../parse-arguments.ts";
import type { Value } from "../value.ts";
import { HashValue } from "../values/hash.ts";
import { ListValue } from "../values/list.ts";
import { SetValue } from "../values/set.ts";
import { SortedSetValue } from "../values/sorted-set.ts";
import { StringValue } from "../values/string.ts";
import { crc64 } from "./crc64.ts";
import { readListpack } from "./listpack.ts";
import { BadDataError, RdbReader } from "./rdb-reader.ts";
import { RDB_VERSION, RdbType } from "./rdb-types.ts";
import { readStream } from "./read-stream.ts";

const FOOTER_BYTES = 10;
const CHECKSUM_BYTES = 8;
const PLAIN = 1;
const PACKED = 2;
const NAN = 253;
const INFINITY = 254;
const MINUS_INFINITY = 255;

/** Whether a payload is of a version that is known and has the right checksum. */
export function isDump(payload: Buffer): boolean {
  if (payload.length < FOOTER_BYTES) return false;
  const body = payload.length - CHECKSUM_BYTES;
  if (payload.readUInt16LE(body - 2) > RDB_VERSION) return false;
  return crc64(payload.subarray(0, body)).equals(payload.subarray(body));
}

/**
 * The value of a payload that `isDump`.
 * @throws BadDataError
 */
export function restoreValue(payload: Buffer): Value {
  const reader = new RdbReader(payload);
  const value = readValue(reader, reader.byte());
  if (!(value instanceof StringValue) && "size" in value && value.size === 0) {
    throw new BadDataError("nothing in it");
  }
  return value;
}

function readValue(reader: RdbReader, type: number): Value {
  switch (type) {
    case RdbType.string:
      return new StringValue(keep(reader.string()));
    case RdbType.list:
      return new ListValue(some(readMany(reader, () => keep(reader.string()))));
    case RdbType.quicklist:
      return new ListValue(some(readMany(reader, () => readListNode(reader)).flat()));
    case RdbType.set:
      return makeSet(readMany(reader, () => text(reader.string())));
    case RdbType.intset:
      return makeSet(readIntset(reader.string()));
    case RdbType.hash:
      return makeHash(readMany(reader, () => [reader.string(), reader.string()]).flat());
    case RdbType.hashListpack:
      return makeHash(listpack(reader));
    case RdbType.sortedSet:
      return makeSortedSet(
        readMany(reader, () => ({ member: text(reader.string()), score: reader.double() })),
      );
    case RdbType.textScores:
      return makeSortedSet(
        readMany(reader, () => ({ member: text(reader.string()), score: readTextScore(reader) })),
      );
    case RdbType.sortedSetListpack:
      return makeSortedSet(
        pairs(listpack(reader)).map(([member, score]) => ({
          member: text(member),
          score: readDouble(score) ?? Number.NaN,
        })),
      );
    case RdbType.stream:
      return readStream(reader);
    default:
      throw new BadDataError("a type that nobody knows");
  }
}

function readMany<T>(reader: RdbReader, read: () => T): T[] {
  const items: T[] = [];
  for (let left = reader.length(); left > 0; left--) items.push(read());
  return items;
}

function some<T>(items: T[]): T[] {
  if (items.length === 0) throw new BadDataError("nothing in it");
  return items;
}

function text(bytes: Buffer): string {
  return bytes.toString("latin1");
}

function listpack(reader: RdbReader): Buffer[] {
  const items = readListpack(reader.string());
  if (!items) throw new BadDataError("no listpack");
  return items;
}

function readListNode(reader: RdbReader): Buffer[] {
  const container = reader.length();
  if (container === PLAIN) return [keep(reader.string())];
  if (container !== PACKED) throw new BadDataError("a node of an unknown kind");
  return listpack(reader).map(keep);
}

function readIntset(bytes: Buffer): string[] {
  if (bytes.length < 8) throw new BadDataError("no intset");
  const size = bytes.readUInt32LE(0);
  const count = bytes.readUInt32LE(4);
  if (![2, 4, 8].includes(size) || bytes.length !== 8 + size * count) {
    throw new BadDataError("no intset");
  }
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * size;
    return String(size === 8 ? bytes.readBigInt64LE(at) : bytes.readIntLE(at, size));
  });
}

function makeSet(members: readonly string[]): SetValue {
  const value = new SetValue();
  for (const member of members) {
    if (!value.add(member)) throw new BadDataError("a member that is there twice");
  }
  return value;
}

function pairs(items: readonly Buffer[]): [Buffer, Buffer][] {
  const found: [Buffer, Buffer][] = [];
  for (let at = 0; at < items.length; at += 2) {
    const [first, second] = items.slice(at, at + 2);
    if (!first || !second) throw new BadDataError("half a pair");
    found.push([first, second]);
  }
  return found;
}

function makeHash(items: readonly Buffer[]): HashValue {
  const value = new HashValue();
  for (const [field, content] of pairs(items)) {
    if (!value.set(text(field), keep(content))) throw new BadDataError("a field twice");
  }
  return value;
}

function makeSortedSet(items: readonly { member: string; score: number }[]): SortedSetValue {
  const value = new SortedSetValue();
  for (const { member, score } of items) {
    if (Number.isNaN(score)) throw new BadDataError("a score that is no number");
    if (value.scores.has(member)) throw new BadDataError("a member that is there twice");
    value.set(member, score);
  }
  return value;
}

function readTextScore(reader: RdbReader): number {
  const length = reader.byte();
  if (length === NAN) return Number.NaN;
  if (length === INFINITY) return Infinity;
  if (length === MINUS_INFINITY) return -Infinity;
  return readDouble(reader.raw(length)) ?? Number.NaN;
}
