import type { ValueClass } from "../value.ts";

/** To be filled in by its family. */
export class HashValue implements ValueClass {
  readonly type = "hash";

  encoding(): string {
    return "listpack";
  }

  clone(): HashValue {
    return new HashValue();
  }
}
