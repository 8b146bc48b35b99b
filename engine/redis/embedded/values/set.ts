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

  get size(): number {
    return this.members.size;
  }

  /** Answers true if the member is new. */
  add(member: string): boolean {
    const isNew = this.members.set(member, true);
    if (isNew && !this.#isTable) {
      this.#isTable =
        this.members.size > MOST_INTSET_ENTRIES || readLong(bulk(member)) === undefined;
    }
    return isNew;
  }

  encoding(): string {
    return this.#isTable ? "hashtable" : "intset";
  }

  clone(): SetValue {
    const copy = new SetValue();
    for (const member of this.members.keys()) copy.members.set(member, true);
    copy.#isTable = this.#isTable;
    return copy;
  }
}
