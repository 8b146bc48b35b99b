import { ConsumerGroup } from "../streams/consumer-group.ts";
import { GREATEST_ID, LEAST_ID, type StreamId } from "../streams/stream-id.ts";
import { type StreamEntry, StreamNode } from "../streams/stream-node.ts";
import type { ValueClass } from "../value.ts";

/** How much of the beginning of a stream is cut off. */
export interface Trim {
  /** Entries to keep, or the least ID to keep. */
  readonly keep: { readonly entries: number } | { readonly from: StreamId };
  /** Only whole nodes are cut off, at most `limit` entries (0: any number). */
  readonly approximate: boolean;
  readonly limit: number;
}

/** A stream. */
export class StreamValue implements ValueClass {
  readonly type = "stream";
  length = 0;
  lastId: StreamId = LEAST_ID;
  greatestDeletedId: StreamId = LEAST_ID;
  /** Entries ever added. */
  entriesAdded = 0;
  readonly groups = new Map<string, ConsumerGroup>();
  #nodes: StreamNode[] = [];

  /** A stream of nodes that were dumped. */
  static restore(nodes: readonly StreamNode[], length: number): StreamValue {
    const stream = new StreamValue();
    stream.#nodes = [...nodes];
    stream.length = length;
    return stream;
  }

  get nodes(): readonly StreamNode[] {
    return this.#nodes;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  /** The ID of the first entry; 0-0 if there is none. */
  get firstId(): StreamId {
    for (const { id } of this.range()) return id;
    return LEAST_ID;
  }

  /** The ID of the last entry that is still there. */
  get lastValidId(): StreamId {
    for (const { id } of this.reversed()) return id;
    return LEAST_ID;
  }

  /** The groups in the order of their names, which is Redis's. */
  get sortedGroups(): [string, ConsumerGroup][] {
    return [...this.groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The ID must be greater than the last one. */
  append(entry: StreamEntry): void {
    const node = this.#nodes.at(-1);
    if (node?.hasRoomFor(entry)) node.append(entry);
    else this.#nodes.push(new StreamNode(entry));
    this.length += 1;
    this.entriesAdded += 1;
    this.lastId = entry.id;
  }

  *range(start = LEAST_ID, end = GREATEST_ID): IterableIterator<StreamEntry> {
    for (let at = this.#nodeAt(start); at < this.#nodes.length; at++) {
      for (const entry of this.#nodes[at]?.entries ?? []) {
        if (entry.id > end) return;
        if (entry.id >= start) yield entry;
      }
    }
  }

  *reversed(start = LEAST_ID, end = GREATEST_ID): IterableIterator<StreamEntry> {
    const from = Math.min(this.#nodeAt(end), this.#nodes.length - 1);
    for (let at = from; at >= 0; at--) {
      for (const entry of this.#nodes[at]?.entries.toReversed() ?? []) {
        if (entry.id < start) return;
        if (entry.id <= end) yield entry;
      }
    }
  }

  find(id: StreamId): StreamEntry | undefined {
    for (const entry of this.range(id, id)) return entry;
    return undefined;
  }

  /** Answers whether it was there. */
  delete(id: StreamId): boolean {
    const nodeAt = this.#nodeAt(id);
    const node = this.#nodes[nodeAt];
    const at = node?.entries.findIndex((entry) => entry.id === id) ?? -1;
    if (!node || at < 0) return false;
    node.deleteAt(at);
    if (node.entries.length === 0) this.#nodes.splice(nodeAt, 1);
    this.length -= 1;
    if (id > this.greatestDeletedId) this.greatestDeletedId = id;
    return true;
  }

  /** Answers how many entries were cut off. */
  trim({ keep, approximate, limit }: Trim): number {
    let [deleted, whole] = [0, 0];
    for (const node of this.#nodes) {
      if ("entries" in keep && this.length <= keep.entries) break;
      const { length } = node.entries;
      if (limit > 0 && deleted + length > limit) break;
      const isWhole =
        "entries" in keep ? this.length - length >= keep.entries : node.lastId < keep.from;
      if (isWhole) whole += 1;
      else if (approximate) break;
      const count = isWhole ? length : cutOff(node, keep, this.length);
      deleted += count;
      this.length -= count;
      if (isWhole) continue;
      node.deleteAt(0, count);
      break;
    }
    this.#nodes.splice(0, whole);
    return deleted;
  }

  encoding(): string {
    return "stream";
  }

  clone(): StreamValue {
    const copy = new StreamValue();
    copy.length = this.length;
    copy.lastId = this.lastId;
    copy.greatestDeletedId = this.greatestDeletedId;
    copy.entriesAdded = this.entriesAdded;
    copy.#nodes = this.#nodes.map((node) => node.clone());
    for (const [name, group] of this.groups) copy.groups.set(name, group.clone());
    return copy;
  }

  /** The place of the first node that may hold an ID from `id` on. */
  #nodeAt(id: StreamId): number {
    let [low, high] = [0, this.#nodes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#nodes[middle]?.lastId ?? LEAST_ID) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How many entries of a node go. */
function cutOff(node: StreamNode, keep: Trim["keep"], length: number): number {
  if ("entries" in keep) return length - keep.entries;
  const stays = node.entries.findIndex(({ id }) => id >= keep.from);
  return stays < 0 ? node.entries.length : stays;
}
