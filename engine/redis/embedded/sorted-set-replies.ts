import type { CommandContext } from "./command-context.ts";
import { bulk, DoubleReply, type Reply } from "./reply.ts";
import type { Scored } from "./skip-list.ts";
import type { SortedSetValue } from "./values/sorted-set.ts";

/** Members, with their scores if wanted: pairs in RESP3, one flat array in RESP2. */
export function showScored(
  { protocol }: CommandContext,
  items: readonly Scored[],
  withScores: boolean,
): Reply {
  if (!withScores) return items.map(({ member }) => bulk(member));
  return protocol === 3 ? items.map(scoredPair) : items.flatMap(scoredPair);
}

/** A member and its score. */
export function scoredPair({ member, score }: Scored): Reply[] {
  return [bulk(member), new DoubleReply(score)];
}

/** To be called when members were taken away: tells of it, and deletes what has become empty. */
export function removedFrom(
  context: CommandContext,
  name: string,
  set: SortedSetValue,
  event: string,
): void {
  if (set.size === 0) context.delete(name);
  context.changed(name, "z", event);
  if (set.size === 0) context.changed(name, "g", "del");
}
