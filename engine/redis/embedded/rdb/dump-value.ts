import { formatDouble } from "../format-double.ts";
import { bulk } from "../reply.ts";
import type { Value } from "../value.ts";
import { HashValue } from "../values/hash.ts";
import { ListValue } from "../values/list.ts";
import { SetValue } from "../values/set.ts";
import { SortedSetValue } from "../values/sorted-set.ts";
import { StringValue } from "../values/string.ts";
import { crc64 } from "./crc64.ts";
import { writeItem, writeListpack } from "./listpack.ts";
import { RDB_VERSION, RdbType } from "./rdb-types.ts";
import { RdbWriter } from "./rdb-writer.ts";
import { writeStream } from "./write-stream.ts";

/** Redis's `list-max-listpack-size -2`. */
const MOST_NODE_BYTES = 8192;
const EMPTY_NODE_BYTES = 7;
/** What Redis reckons an item of a list takes beside its bytes. */
const ITEM_OVERHEAD = 8;
const PACKED = 2;
/** Whole scores up to here stand in a listpack as integers. */
const GREATEST_WHOLE_SCORE = 2 ** 62;

/** What DUMP answers: the type, the value as in an RDB file, the version and a checksum. */
export function dumpValue(value: Value): Buffer {
  const writer = new RdbWriter();
  writeValue(writer, value);
  writer.raw(Buffer.of(RDB_VERSION, 0));
  const bytes = writer.take();
  return Buffer.concat([bytes, crc64(bytes)]);
}

function writeValue(writer: RdbWriter, value: Value): void {
  if (value instanceof StringValue) {
    writer.byte(RdbType.string);
    writer.string(value.bytes);
  } else if (value instanceof ListValue) writeList(writer, value);
  else if (value instanceof SetValue) writeSet(writer, value);
  else if (value instanceof HashValue) writeHash(writer, value);
  else if (value instanceof SortedSetValue) writeSortedSet(writer, value);
  else writeStream(writer, value);
}

function writeList(writer: RdbWriter, { items }: ListValue): void {
  const nodes: Buffer[][] = [];
  let bytes = 0;
  for (const item of items) {
    const node = nodes.at(-1);
    if (!node || bytes + item.length + ITEM_OVERHEAD > MOST_NODE_BYTES) {
      nodes.push([item]);
      bytes = EMPTY_NODE_BYTES;
    } else node.push(item);
    bytes += writeItem(item).length;
  }
  writer.byte(RdbType.quicklist);
  writer.length(nodes.length);
  for (const node of nodes) {
    writer.length(PACKED);
    writer.string(writeListpack(node));
  }
}

function writeSet(writer: RdbWriter, value: SetValue): void {
  const members = [...value.members.keys()];
  if (value.encoding() === "intset") {
    writer.byte(RdbType.intset);
    writer.string(writeIntset(members, value.integerBytes));
    return;
  }
  writer.byte(RdbType.set);
  writer.length(members.length);
  for (const member of members) writer.string(bulk(member));
}

function writeIntset(members: readonly string[], size: 2 | 4 | 8): Buffer {
  const numbers = members.map(BigInt).toSorted((a, b) => (a < b ? -1 : 1));
  const bytes = Buffer.alloc(8 + numbers.length * size);
  bytes.writeUInt32LE(size, 0);
  bytes.writeUInt32LE(numbers.length, 4);
  for (const [index, number] of numbers.entries()) {
    const at = 8 + index * size;
    if (size === 8) bytes.writeBigInt64LE(number, at);
    else bytes.writeIntLE(Number(number), at, size);
  }
  return bytes;
}

function writeHash(writer: RdbWriter, value: HashValue): void {
  const pairs = [...value.fields.entries()];
  if (value.encoding() === "listpack") {
    writer.byte(RdbType.hashListpack);
    writer.string(writeListpack(pairs.flatMap(([field, content]) => [bulk(field), content])));
    return;
  }
  writer.byte(RdbType.hash);
  writer.length(pairs.length);
  for (const [field, content] of pairs) {
    writer.string(bulk(field));
    writer.string(content);
  }
}

function writeSortedSet(writer: RdbWriter, value: SortedSetValue): void {
  const members = value.slice(0, value.size);
  if (value.encoding() === "listpack") {
    writer.byte(RdbType.sortedSetListpack);
    writer.string(
      writeListpack(members.flatMap(({ member, score }) => [bulk(member), showScore(score)])),
    );
    return;
  }
  writer.byte(RdbType.sortedSet);
  writer.length(members.length);
  for (const { member, score } of members.toReversed()) {
    writer.string(bulk(member));
    writer.double(score);
  }
}

function showScore(score: number): Buffer | bigint {
  const isWhole = Number.isInteger(score) && Math.abs(score) <= GREATEST_WHOLE_SCORE;
  return isWhole ? BigInt(score) : bulk(formatDouble(score));
}
