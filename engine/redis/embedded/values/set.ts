import type { ValueClass } from "../value.ts";

/** To be filled in by its family. */
export class SetValue implements ValueClass {
  readonly type = "set";

  encoding(): string {
    return "listpack";
  }

  clone(): SetValue {
    return new SetValue();
  }
}
