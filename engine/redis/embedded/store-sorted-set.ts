import type { CommandContext } from "./command-context.ts";
import type { Scored } from "./skip-list.ts";
import { SortedSetValue } from "./values/sorted-set.ts";

/** Puts a result in place of a key; an empty one deletes it. Answers how many members it has. */
export function storeSortedSet(
  context: CommandContext,
  name: string,
  items: readonly Scored[],
  event: string,
): number {
  if (items.length === 0) {
    if (context.delete(name)) context.changed(name, "g", "del");
    return 0;
  }
  const set = new SortedSetValue();
  for (const { member, score } of items) set.set(member, score);
  context.set(name, set);
  context.changed(name, "z", event);
  return set.size;
}
