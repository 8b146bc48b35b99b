import { parseLong } from "./parse-arguments.ts";
import { RedisError } from "./redis-error.ts";
import type { ScannableMap } from "./scannable-map.ts";

const MOST = 2n ** 63n - 1n;

/** The count of HRANDFIELD, ZRANDMEMBER and SRANDMEMBER; half the range if values come along. */
export function parsePickCount(argument: Buffer, withValues: boolean): number {
  const count = parseLong(argument);
  if (count < -MOST) {
    throw new RedisError(`ERR value is out of range, value must between ${-MOST} and ${MOST}`);
  }
  if (withValues && (count < -MOST / 2n || count > MOST / 2n)) {
    throw new RedisError("ERR value is out of range");
  }
  return Number(count);
}

/**
 * Picks keys at random: at most `count` different ones, or exactly `-count` that may repeat if it
 * is negative.
 */
export function pickRandom<V>(map: ScannableMap<V>, count: number): string[] {
  if (count < 0) {
    return Array.from({ length: map.size === 0 ? 0 : -count }, () => map.randomKey() ?? "");
  }
  const all = [...map.keys()];
  if (count >= all.length) return all;
  // The first steps of a shuffle.
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(Math.random() * (all.length - at));
    [all[at], all[other]] = [all[other] ?? "", all[at] ?? ""];
  }
  return all.slice(0, count);
}
