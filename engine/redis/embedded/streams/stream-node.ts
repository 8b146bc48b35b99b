import { EMPTY_LISTPACK_BYTES, listpackBytes } from "./listpack-bytes.ts";
import { idMs, idSequence, type StreamId } from "./stream-id.ts";

const MOST_ENTRIES = 100;
const MOST_BYTES = 4096;

export interface StreamEntry {
  readonly id: StreamId;
  /** Fields and values in turn. */
  readonly items: readonly Buffer[];
}

/**
 * Entries that Redis keeps together: `~` trims whole nodes only, so where a node ends can be seen.
 */
export class StreamNode {
  readonly entries: StreamEntry[] = [];
  /** Of the last entry that was ever in it. */
  lastId: StreamId;
  #deleted = 0;
  #bytes: number;
  /** Of the entry that the node began with; the others are told by what differs from it. */
  readonly firstId: StreamId;
  readonly fields: readonly Buffer[];

  constructor(first: StreamEntry) {
    this.firstId = first.id;
    this.lastId = first.id;
    this.fields = fieldsOf(first);
    // How many entries, how many deleted ones, how many fields, the fields, and a zero.
    const head = [0n, 0n, BigInt(this.fields.length), ...this.fields, 0n];
    this.#bytes = EMPTY_LISTPACK_BYTES + sum(head);
    this.append(first);
  }

  hasRoomFor(entry: StreamEntry): boolean {
    const added = entry.items.reduce((total, item) => total + item.length, 0);
    return this.#bytes + added < MOST_BYTES && this.entries.length + this.#deleted < MOST_ENTRIES;
  }

  append(entry: StreamEntry): void {
    const { id, items } = entry;
    this.entries.push(entry);
    this.lastId = id;
    const fields = fieldsOf(entry);
    const sameFields =
      fields.length === this.fields.length &&
      fields.every((field, at) => this.fields[at]?.equals(field));
    const stored = sameFields ? items.filter((_, at) => at % 2 === 1) : items;
    const parts = [
      sameFields ? 2n : 0n,
      idMs(id) - idMs(this.firstId),
      BigInt.asIntN(64, idSequence(id) - idSequence(this.firstId)),
      ...stored,
    ];
    if (!sameFields) parts.push(BigInt(fields.length));
    this.#bytes += sum([...parts, BigInt(parts.length)]);
  }

  /** Entries leave marks that still count. */
  deleteAt(at: number, count = 1): void {
    this.#deleted += this.entries.splice(at, count).length;
  }

  /** A node as it was dumped; its first entry may have been deleted. */
  static restore(
    first: StreamEntry,
    entries: readonly StreamEntry[],
    lastId: StreamId,
    { deleted, bytes }: { deleted: number; bytes: number },
  ): StreamNode {
    const node = new StreamNode(first);
    node.entries.splice(0, 1, ...entries);
    node.lastId = lastId;
    node.#deleted = deleted;
    node.#bytes = bytes;
    return node;
  }

  clone(): StreamNode {
    const first = { id: this.firstId, items: this.fields.flatMap((field) => [field, field]) };
    const [deleted, bytes] = [this.#deleted, this.#bytes];
    return StreamNode.restore(first, this.entries, this.lastId, { deleted, bytes });
  }
}

function fieldsOf({ items }: StreamEntry): readonly Buffer[] {
  return items.filter((_, at) => at % 2 === 0);
}

function sum(items: readonly (Buffer | bigint)[]): number {
  return items.reduce((total, item) => total + listpackBytes(item), 0);
}
