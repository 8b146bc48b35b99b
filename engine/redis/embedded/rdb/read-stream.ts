import { readLong } from "../parse-arguments.ts";
import { ConsumerGroup } from "../streams/consumer-group.ts";
import { idMs, idSequence, type StreamId, streamId } from "../streams/stream-id.ts";
import { type StreamEntry, StreamNode } from "../streams/stream-node.ts";
import { StreamValue } from "../values/stream.ts";
import { readListpack } from "./listpack.ts";
import { BadDataError, type RdbReader } from "./rdb-reader.ts";

const DELETED = 1n;
const SAME_FIELDS = 2n;
const UNKNOWN = 2n ** 64n - 1n;

/** @throws BadDataError */
export function readStream(reader: RdbReader): StreamValue {
  const nodes = Array.from({ length: reader.length() }, () => {
    const firstId = readIdBytes(reader.string());
    return readNode(firstId, reader.string());
  });
  const stream = StreamValue.restore(nodes, reader.length());
  stream.lastId = readId(reader);
  readId(reader);
  stream.greatestDeletedId = readId(reader);
  stream.entriesAdded = reader.length();
  for (let left = reader.length(); left > 0; left--) {
    const name = reader.string().toString("latin1");
    if (stream.groups.has(name)) throw new BadDataError("a group that is there twice");
    stream.groups.set(name, readGroup(reader));
  }
  return stream;
}

function readGroup(reader: RdbReader): ConsumerGroup {
  const lastId = readId(reader);
  const read = reader.long();
  const group = new ConsumerGroup(lastId, read === UNKNOWN ? undefined : Number(read));
  const pending = new Map<StreamId, { deliveredAtMs: number; deliveries: number }>();
  for (let left = reader.length(); left > 0; left--) {
    const id = readIdBytes(reader.raw(16));
    pending.set(id, { deliveredAtMs: reader.milliseconds(), deliveries: reader.length() });
  }
  for (let left = reader.length(); left > 0; left--) {
    const name = reader.string().toString("latin1");
    const { consumer } = group.see(name, reader.milliseconds());
    for (let ids = reader.length(); ids > 0; ids--) {
      const id = readIdBytes(reader.raw(16));
      const found = pending.get(id);
      if (!found) throw new BadDataError("a consumer's entry that is not the group's");
      const entry = { consumer, ...found };
      group.pending.set(id, entry);
      consumer.pending.set(id, entry);
    }
  }
  if (group.pending.size !== pending.size) throw new BadDataError("an entry without a consumer");
  return group;
}

function readId(reader: RdbReader): StreamId {
  return streamId(reader.long(), reader.long());
}

function readIdBytes(bytes: Buffer): StreamId {
  if (bytes.length !== 16) throw new BadDataError("an ID that is not 16 bytes long");
  return streamId(bytes.readBigUInt64BE(0), bytes.readBigUInt64BE(8));
}

function readNode(firstId: StreamId, bytes: Buffer): StreamNode {
  const items = readListpack(bytes);
  if (!items) throw new BadDataError("no listpack");
  let at = 0;
  const next = (): Buffer => {
    const item = items[at++];
    if (!item) throw new BadDataError("a node that is cut off");
    return item;
  };
  const nextNumber = (): bigint => {
    const number = readLong(next());
    if (number === undefined) throw new BadDataError("a text in place of a number");
    return number;
  };
  const take = (count: number): Buffer[] => Array.from({ length: count }, next);
  const count = Number(nextNumber());
  const deleted = Number(nextNumber());
  const fields = take(Number(nextNumber()));
  next();
  const entries: StreamEntry[] = [];
  let lastId = firstId;
  while (at < items.length) {
    const flags = nextNumber();
    const ms = idMs(firstId) + nextNumber();
    const sequence = BigInt.asUintN(64, idSequence(firstId) + nextNumber());
    lastId = streamId(ms, sequence);
    const isSame = (flags & SAME_FIELDS) !== 0n;
    const content = isSame
      ? take(fields.length).flatMap((value, index) => [fields[index] ?? value, value])
      : take(Number(nextNumber()) * 2);
    next();
    if ((flags & DELETED) === 0n) entries.push({ id: lastId, items: content.map(copy) });
  }
  if (entries.length !== count) throw new BadDataError("a node with a wrong count");
  const first = { id: firstId, items: fields.flatMap((field) => [copy(field), field]) };
  return StreamNode.restore(first, entries, lastId, { deleted, bytes: bytes.length });
}

function copy(bytes: Buffer): Buffer {
  return Buffer.from(bytes);
}
