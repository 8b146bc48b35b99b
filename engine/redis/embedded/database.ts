import type { Clock } from "./clock.ts";
import { ScannableMap } from "./scannable-map.ts";
import type { Value } from "./value.ts";

export interface Entry {
  value: Value;
  /** Milliseconds since 1970; undefined: never. */
  expiresAtMs: number | undefined;
  /** When it was last read or written, for OBJECT IDLETIME. */
  usedAtMs: number;
}

/** What a database tells the server: WATCH, blocked clients and notifications hang on these. */
export interface DatabaseListener {
  /** A key was written, deleted or has expired. */
  touched(database: Database, key: string): void;
  expired(database: Database, key: string): void;
}

/**
 * One numbered database. Keys are latin1 strings, one character a byte. A key whose time has come is
 * gone for every reader; it is removed when it is met, or by `removeExpired`.
 */
export class Database {
  #entries = new ScannableMap<Entry>();
  /** Keys that have an expiry. */
  #volatile = new Set<string>();

  constructor(
    readonly clock: Clock,
    readonly listener: DatabaseListener,
    /** Its number; SWAPDB exchanges contents, not numbers. */
    readonly index: number,
  ) {}

  /** Keys held, also those that have expired and were not met since: what DBSIZE counts. */
  get size(): number {
    return this.#entries.size;
  }

  get volatileSize(): number {
    return this.#volatile.size;
  }

  find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs !== undefined && entry.expiresAtMs <= this.clock.nowMs) {
      this.#expire(key);
      return undefined;
    }
    return entry;
  }

  /** Whether the key is held but its time has come. Does not remove it. */
  hasExpired(key: string): boolean {
    const at = this.#entries.get(key)?.expiresAtMs;
    return at !== undefined && at <= this.clock.nowMs;
  }

  /** Average time to live of the keys that have one, in milliseconds. */
  get averageTtlMs(): number {
    let sum = 0;
    for (const key of this.#volatile) {
      sum += Math.max(0, (this.#entries.get(key)?.expiresAtMs ?? 0) - this.clock.nowMs);
    }
    return this.#volatile.size === 0 ? 0 : Math.floor(sum / this.#volatile.size);
  }

  /** Creates or replaces; an expiry that was there is gone. */
  set(key: string, value: Value, expiresAtMs?: number): void {
    this.#entries.set(key, { value, expiresAtMs, usedAtMs: this.clock.nowMs });
    if (expiresAtMs === undefined) this.#volatile.delete(key);
    else this.#volatile.add(key);
  }

  delete(key: string): boolean {
    this.#volatile.delete(key);
    return this.#entries.delete(key);
  }

  /** Sets or (undefined) takes away the expiry of a key that is there. */
  setExpiry(key: string, expiresAtMs: number | undefined): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.expiresAtMs = expiresAtMs;
    if (expiresAtMs === undefined) this.#volatile.delete(key);
    else this.#volatile.add(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#volatile.clear();
  }

  /** Every key that has not expired. */
  *keys(): IterableIterator<string> {
    for (const [key, entry] of this.#entries.entries()) {
      if (entry.expiresAtMs === undefined || entry.expiresAtMs > this.clock.nowMs) yield key;
    }
  }

  randomKey(): string | undefined {
    while (this.#entries.size > 0) {
      const key = this.#entries.randomKey();
      if (key === undefined || this.find(key)) return key;
    }
    return undefined;
  }

  /** A step of SCAN: expired keys are left out of it (and removed). */
  scan(cursor: bigint, count: number): { next: bigint; keys: string[] } {
    const { next, entries } = this.#entries.scan(cursor, count);
    return { next, keys: entries.map(([key]) => key).filter((key) => this.find(key)) };
  }

  /** Removes up to `most` expired keys; answers how many. */
  removeExpired(most = Number.POSITIVE_INFINITY): number {
    const now = this.clock.nowMs;
    let removed = 0;
    for (const key of this.#volatile) {
      if (removed >= most) break;
      const at = this.#entries.get(key)?.expiresAtMs;
      if (at === undefined || at > now) continue;
      this.#expire(key);
      removed += 1;
    }
    return removed;
  }

  /** Exchanges the contents of two databases. */
  swap(other: Database): void {
    [this.#entries, other.#entries] = [other.#entries, this.#entries];
    [this.#volatile, other.#volatile] = [other.#volatile, this.#volatile];
  }

  #expire(key: string): void {
    this.delete(key);
    this.listener.expired(this, key);
    this.listener.touched(this, key);
  }
}
