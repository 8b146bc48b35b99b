import type { ValueClass } from "../value.ts";

/** To be filled in by its family. */
export class SortedSetValue implements ValueClass {
  readonly type = "zset";

  encoding(): string {
    return "listpack";
  }

  clone(): SortedSetValue {
    return new SortedSetValue();
  }
}
