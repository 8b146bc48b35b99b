import type { ValueClass } from "../value.ts";

export type ListEnd = "left" | "right";

/** A list. Its items are copies (see `keep` in command.ts) that nobody changes. */
export class ListValue implements ValueClass {
  readonly type = "list";

  constructor(public items: Buffer[] = []) {}

  encoding(): string {
    return "quicklist";
  }

  clone(): ListValue {
    return new ListValue([...this.items]);
  }

  push(end: ListEnd, item: Buffer): void {
    if (end === "left") this.items.unshift(item);
    else this.items.push(item);
  }

  /** Takes up to `count` items away, the outermost first. */
  pop(end: ListEnd, count: number): Buffer[] {
    if (end === "left") return this.items.splice(0, count);
    return this.items.splice(Math.max(this.items.length - count, 0)).toReversed();
  }
}
