import type { HashValue } from "./values/hash.ts";
import type { ListValue } from "./values/list.ts";
import type { SetValue } from "./values/set.ts";
import type { StreamValue } from "./values/stream.ts";
import type { StringValue } from "./values/string.ts";
import type { SortedSetValue } from "./values/sorted-set.ts";

export type Value = StringValue | HashValue | ListValue | SetValue | SortedSetValue | StreamValue;

/** What each value class has. `type` is what TYPE answers, `encoding()` what OBJECT ENCODING does. */
export interface ValueClass {
  readonly type: "string" | "hash" | "list" | "set" | "zset" | "stream";
  encoding(): string;
  /** A deep copy, for COPY. */
  clone(): Value;
}
