import { readLong } from "../parse-arguments.ts";
import { bulk } from "../reply.ts";
import { ScannableMap } from "../scannable-map.ts";
import type { ValueClass } from "../value.ts";

const MOST_INTSET_ENTRIES = 512;

/** A set; members are latin1 strings. */
export class SetValue implements ValueClass {
  readonly type = "set";
  readonly members = new ScannableMap<true>();
  /** Once a hash table, always one: Redis never goes back. */
  #isTable = false;
  /** How many bytes an intset takes for each member: as many as the greatest needs that it ever had. */
  #integerBytes: 2 | 4 | 8 = 2;

  get size(): number {
    return this.members.size;
  }

  /** Answers true if the member is new. */
  add(member: string): boolean {
    const isNew = this.members.set(member, true);
    if (isNew && !this.#isTable) {
      const number = readLong(bulk(member));
      this.#isTable = this.members.size > MOST_INTSET_ENTRIES || number === undefined;
      if (number !== undefined) this.#widen(number);
    }
    return isNew;
  }

  get integerBytes(): 2 | 4 | 8 {
    return this.#integerBytes;
  }

  #widen(number: bigint): void {
    if (BigInt.asIntN(32, number) !== number) this.#integerBytes = 8;
    else if (this.#integerBytes === 2 && BigInt.asIntN(16, number) !== number) {
      this.#integerBytes = 4;
    }
  }

  encoding(): string {
    return this.#isTable ? "hashtable" : "intset";
  }

  clone(): SetValue {
    const copy = new SetValue();
    for (const member of this.members.keys()) copy.members.set(member, true);
    copy.#isTable = this.#isTable;
    copy.#integerBytes = this.#integerBytes;
    return copy;
  }
}
