import type { ValueClass } from "../value.ts";

/** To be filled in by its family. */
export class ListValue implements ValueClass {
  readonly type = "list";

  encoding(): string {
    return "listpack";
  }

  clone(): ListValue {
    return new ListValue();
  }
}
