import type { Consumer } from "./consumer-group.ts";
import type { StreamId } from "./stream-id.ts";

/** An entry that was delivered and not yet acknowledged. */
export interface Pending {
  consumer: Consumer;
  deliveredAtMs: number;
  deliveries: number;
}

/** Pending entries in the order of their IDs. */
export class PendingList {
  readonly #byId = new Map<StreamId, Pending>();
  readonly #ids: StreamId[] = [];

  get size(): number {
    return this.#ids.length;
  }

  get first(): StreamId | undefined {
    return this.#ids[0];
  }

  get last(): StreamId | undefined {
    return this.#ids.at(-1);
  }

  get(id: StreamId): Pending | undefined {
    return this.#byId.get(id);
  }

  set(id: StreamId, pending: Pending): void {
    if (!this.#byId.has(id)) this.#ids.splice(this.#place(id), 0, id);
    this.#byId.set(id, pending);
  }

  delete(id: StreamId): void {
    if (this.#byId.delete(id)) this.#ids.splice(this.#place(id), 1);
  }

  /** The least ID from `start` on. */
  next(start: StreamId): StreamId | undefined {
    return this.#ids[this.#place(start)];
  }

  *from(start: StreamId): IterableIterator<[StreamId, Pending]> {
    for (let at = this.#place(start); at < this.#ids.length; at++) {
      const id = this.#ids[at];
      const pending = id === undefined ? undefined : this.#byId.get(id);
      if (id !== undefined && pending) yield [id, pending];
    }
  }

  /** How many IDs are less. */
  #place(id: StreamId): number {
    const last = this.last;
    if (last === undefined || last < id) return this.#ids.length;
    let [low, high] = [0, this.#ids.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ids[middle] ?? 0n) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
