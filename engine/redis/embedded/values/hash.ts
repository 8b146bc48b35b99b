import { ScannableMap } from "../scannable-map.ts";
import type { ValueClass } from "../value.ts";

const MOST_LISTPACK_ENTRIES = 512;
const LONGEST_LISTPACK_ITEM = 64;

/** A hash: fields as latin1 strings, values as copies that nobody changes. */
export class HashValue implements ValueClass {
  readonly type = "hash";
  readonly fields = new ScannableMap<Buffer>();
  /** Once a hash table, always one: Redis never goes back. */
  #isTable = false;

  get size(): number {
    return this.fields.size;
  }

  /** Answers true if the field is new. */
  set(field: string, value: Buffer): boolean {
    const isNew = this.fields.set(field, value);
    this.#isTable ||=
      field.length > LONGEST_LISTPACK_ITEM ||
      value.length > LONGEST_LISTPACK_ITEM ||
      this.fields.size > MOST_LISTPACK_ENTRIES;
    return isNew;
  }

  encoding(): string {
    return this.#isTable ? "hashtable" : "listpack";
  }

  clone(): HashValue {
    const copy = new HashValue();
    for (const [field, value] of this.fields.entries()) copy.fields.set(field, value);
    copy.#isTable = this.#isTable;
    return copy;
  }
}
