import type { ValueClass } from "../value.ts";

/** To be filled in by its family. */
export class StreamValue implements ValueClass {
  readonly type = "stream";

  encoding(): string {
    return "stream";
  }

  clone(): StreamValue {
    return new StreamValue();
  }
}
