interface Slot<V> {
  readonly sequence: number;
  value: V;
  position: number;
}

const REMEMBERED_CURSORS = 64;

/**
 * A map that can be scanned in steps. Each new key gets the next sequence number, the map keeps that
 * order, and a cursor is the number to go on from: whatever is in the map from the first step to the
 * last is met exactly once, however much is added and deleted meanwhile. Iterators of unfinished
 * scans are remembered, so a step costs what it answers, not what it skips.
 */
export class ScannableMap<V> {
  readonly #slots = new Map<string, Slot<V>>();
  readonly #keys: string[] = [];
  readonly #unfinished = new Map<number, Iterator<[string, Slot<V>]>>();
  #nextSequence = 1;

  get size(): number {
    return this.#slots.size;
  }

  get(key: string): V | undefined {
    return this.#slots.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#slots.has(key);
  }

  /** Answers true if the key is new. */
  set(key: string, value: V): boolean {
    const slot = this.#slots.get(key);
    if (slot) {
      slot.value = value;
      return false;
    }
    this.#slots.set(key, { sequence: this.#nextSequence, value, position: this.#keys.length });
    this.#nextSequence += 1;
    this.#keys.push(key);
    return true;
  }

  delete(key: string): boolean {
    const slot = this.#slots.get(key);
    if (!slot) return false;
    this.#slots.delete(key);
    const last = this.#keys.pop();
    if (last !== undefined && last !== key) {
      this.#keys[slot.position] = last;
      const moved = this.#slots.get(last);
      if (moved) moved.position = slot.position;
    }
    return true;
  }

  clear(): void {
    this.#slots.clear();
    this.#keys.length = 0;
    this.#unfinished.clear();
  }

  keys(): IterableIterator<string> {
    return this.#slots.keys();
  }

  *entries(): IterableIterator<[string, V]> {
    for (const [key, slot] of this.#slots) yield [key, slot.value];
  }

  *values(): IterableIterator<V> {
    for (const slot of this.#slots.values()) yield slot.value;
  }

  /** Any key, each with the same chance; undefined if there is none. */
  randomKey(): string | undefined {
    return this.#keys[Math.floor(Math.random() * this.#keys.length)];
  }

  /** The key at a place of an arbitrary numbering 0 … size-1 that changes with each deletion. */
  keyAt(position: number): string | undefined {
    return this.#keys[position];
  }

  /** Up to `count` entries from the cursor on (0 begins), and the next cursor (0: that was all). */
  scan(cursor: bigint, count: number): { next: bigint; entries: [string, V][] } {
    const from = Number(cursor);
    const iterator = this.#unfinished.get(from) ?? this.#slots[Symbol.iterator]();
    this.#unfinished.delete(from);
    const entries: [string, V][] = [];
    for (let step = iterator.next(); !step.done; step = iterator.next()) {
      const [key, slot] = step.value;
      if (slot.sequence < from) continue;
      entries.push([key, slot.value]);
      if (entries.length >= count) {
        const next = slot.sequence + 1;
        if (next >= this.#nextSequence) break;
        this.#remember(next, iterator);
        return { next: BigInt(next), entries };
      }
    }
    return { next: 0n, entries };
  }

  #remember(cursor: number, iterator: Iterator<[string, Slot<V>]>): void {
    this.#unfinished.set(cursor, iterator);
    if (this.#unfinished.size <= REMEMBERED_CURSORS) return;
    for (const oldest of this.#unfinished.keys()) {
      this.#unfinished.delete(oldest);
      return;
    }
  }
}
