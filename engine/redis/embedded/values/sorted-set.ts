import { ScannableMap } from "../scannable-map.ts";
import { type Scored, SkipList } from "../skip-list.ts";
import type { ValueClass } from "../value.ts";

const MOST_LISTPACK_ENTRIES = 128;
const LONGEST_LISTPACK_MEMBER = 64;

/** A sorted set; members are latin1 strings. */
export class SortedSetValue implements ValueClass {
  readonly type = "zset";
  readonly scores = new ScannableMap<number>();
  readonly order = new SkipList();
  /** Once a skip list, always one: Redis never goes back. */
  #isSkipList = false;

  get size(): number {
    return this.scores.size;
  }

  /** Adds a member or changes its score. */
  set(member: string, score: number): void {
    const before = this.scores.get(member);
    if (before !== undefined) this.order.delete({ member, score: before });
    // A listpack holds whole numbers as such, which know no -0.
    const stored = Object.is(score, -0) && !this.#isSkipList ? 0 : score;
    this.scores.set(member, stored);
    this.order.add({ member, score: stored });
    this.#isSkipList ||=
      member.length > LONGEST_LISTPACK_MEMBER || this.size > MOST_LISTPACK_ENTRIES;
  }

  delete(member: string): boolean {
    const score = this.scores.get(member);
    if (score === undefined) return false;
    this.order.delete({ member, score });
    return this.scores.delete(member);
  }

  /** The place of a member, from 0; undefined if it is not there. */
  rank(member: string): number | undefined {
    const score = this.scores.get(member);
    return score === undefined ? undefined : this.order.rank({ member, score });
  }

  /** The items at the places from `start` to before `end`, counted from the end if reversed. */
  slice(start: number, end: number, reversed = false): Scored[] {
    if (!reversed) return this.order.slice(start, end);
    return this.order.slice(Math.max(this.size - end, 0), this.size - start).toReversed();
  }

  /** What SORT makes of it. */
  useSkipList(): void {
    this.#isSkipList = true;
  }

  encoding(): string {
    return this.#isSkipList ? "skiplist" : "listpack";
  }

  clone(): SortedSetValue {
    const copy = new SortedSetValue();
    copy.#isSkipList = this.#isSkipList;
    for (const [member, score] of this.scores.entries()) copy.set(member, score);
    return copy;
  }
}
