import { PendingList } from "./pending-list.ts";
import { LEAST_ID, type StreamId } from "./stream-id.ts";

export interface Consumer {
  readonly name: string;
  seenAtMs: number;
  readonly pending: PendingList;
}

/** A consumer group of a stream; names are latin1 strings. */
export class ConsumerGroup {
  readonly consumers = new Map<string, Consumer>();
  readonly pending = new PendingList();

  constructor(
    /** Entries up to this one have been delivered. */
    public lastId: StreamId,
    /** How many entries that is, from the first ever; undefined: not known. */
    public entriesRead: number | undefined,
  ) {}

  /** The consumers in the order of their names, which is Redis's. */
  get sortedConsumers(): Consumer[] {
    return [...this.consumers.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Notes that the consumer was seen. Answers whether it is new. */
  see(name: string, nowMs: number): { consumer: Consumer; isNew: boolean } {
    const known = this.consumers.get(name);
    if (known) {
      known.seenAtMs = nowMs;
      return { consumer: known, isNew: false };
    }
    const consumer = { name, seenAtMs: nowMs, pending: new PendingList() };
    this.consumers.set(name, consumer);
    return { consumer, isNew: true };
  }

  /** Makes an entry pending for a consumer, whoever had it before. */
  deliver(id: StreamId, consumer: Consumer, nowMs: number): void {
    this.forget(id);
    const pending = { consumer, deliveredAtMs: nowMs, deliveries: 1 };
    this.pending.set(id, pending);
    consumer.pending.set(id, pending);
  }

  /** Answers false if the entry was not pending. */
  forget(id: StreamId): boolean {
    const pending = this.pending.get(id);
    if (!pending) return false;
    this.pending.delete(id);
    pending.consumer.pending.delete(id);
    return true;
  }

  /** Answers how many entries were pending for it. */
  deleteConsumer(name: string): number {
    const consumer = this.consumers.get(name);
    if (!consumer) return 0;
    for (const [id] of consumer.pending.from(LEAST_ID)) this.pending.delete(id);
    this.consumers.delete(name);
    return consumer.pending.size;
  }

  clone(): ConsumerGroup {
    const copy = new ConsumerGroup(this.lastId, this.entriesRead);
    for (const { name, seenAtMs } of this.consumers.values()) copy.see(name, seenAtMs);
    for (const [id, { consumer, deliveredAtMs, deliveries }] of this.pending.from(LEAST_ID)) {
      const owner = copy.see(consumer.name, consumer.seenAtMs).consumer;
      const pending = { consumer: owner, deliveredAtMs, deliveries };
      copy.pending.set(id, pending);
      owner.pending.set(id, pending);
    }
    return copy;
  }
}
