import { bulk } from "../reply.ts";
import type { ConsumerGroup } from "../streams/consumer-group.ts";
import { idMs, idSequence, LEAST_ID, type StreamId } from "../streams/stream-id.ts";
import type { StreamNode } from "../streams/stream-node.ts";
import type { StreamValue } from "../values/stream.ts";
import { writeListpack } from "./listpack.ts";
import { RdbType } from "./rdb-types.ts";
import type { RdbWriter } from "./rdb-writer.ts";

const SAME_FIELDS = 2n;

/** A stream with its groups. What has been deleted leaves nothing behind, other than in Redis. */
export function writeStream(writer: RdbWriter, stream: StreamValue): void {
  writer.byte(RdbType.stream);
  writer.length(stream.nodes.length);
  for (const node of stream.nodes) {
    writer.string(idBytes(node.firstId));
    writer.string(writeListpack(nodeItems(node)));
  }
  writer.length(stream.length);
  for (const id of [stream.lastId, stream.firstId, stream.greatestDeletedId]) writeId(writer, id);
  writer.length(stream.entriesAdded);
  writer.length(stream.groups.size);
  for (const [name, group] of stream.sortedGroups) {
    writer.string(bulk(name));
    writeGroup(writer, group);
  }
}

function writeGroup(writer: RdbWriter, group: ConsumerGroup): void {
  writeId(writer, group.lastId);
  writer.length(BigInt.asUintN(64, BigInt(group.entriesRead ?? -1)));
  writer.length(group.pending.size);
  for (const [id, pending] of group.pending.from(LEAST_ID)) {
    writer.raw(idBytes(id));
    writer.milliseconds(pending.deliveredAtMs);
    writer.length(pending.deliveries);
  }
  writer.length(group.consumers.size);
  for (const consumer of group.sortedConsumers) {
    writer.string(bulk(consumer.name));
    writer.milliseconds(consumer.seenAtMs);
    writer.length(consumer.pending.size);
    for (const [id] of consumer.pending.from(LEAST_ID)) writer.raw(idBytes(id));
  }
}

function writeId(writer: RdbWriter, id: StreamId): void {
  writer.length(idMs(id));
  writer.length(idSequence(id));
}

function idBytes(id: StreamId): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(idMs(id), 0);
  bytes.writeBigUInt64BE(idSequence(id), 8);
  return bytes;
}

/** Head and entries, as the items of a listpack. */
function nodeItems({ entries, fields, firstId }: StreamNode): (Buffer | bigint)[] {
  const items: (Buffer | bigint)[] = [
    BigInt(entries.length),
    0n,
    BigInt(fields.length),
    ...fields,
    0n,
  ];
  for (const { id, items: content } of entries) {
    const own = content.filter((_, at) => at % 2 === 0);
    const isSame =
      own.length === fields.length && own.every((field, at) => fields[at]?.equals(field));
    const parts: (Buffer | bigint)[] = [
      isSame ? SAME_FIELDS : 0n,
      BigInt.asIntN(64, idMs(id) - idMs(firstId)),
      BigInt.asIntN(64, idSequence(id) - idSequence(firstId)),
    ];
    if (isSame) parts.push(...content.filter((_, at) => at % 2 === 1));
    else parts.push(BigInt(own.length), ...content);
    items.push(...parts, BigInt(parts.length));
  }
  return items;
}
