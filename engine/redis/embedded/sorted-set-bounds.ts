import { parseInteger, readDouble } from "./parse-arguments.ts";
import { RedisError } from "./redis-error.ts";
import type { Scored } from "./skip-list.ts";
import type { SortedSetValue } from "./values/sorted-set.ts";

export type RangeKind = "rank" | "score" | "lex";

/** Places in a sorted set: from `start` to before `end`. */
export interface Places {
  readonly start: number;
  readonly end: number;
}

/** Where a range lies in a sorted set, once that is known. */
export type FindPlaces = (set: SortedSetValue, reversed?: boolean) => Places;

/**
 * Reads the two ends of a range. Ranks are counted from the end where `reversed` is given to the
 * answer; scores and members are always given from the lesser to the greater.
 * @throws RedisError if an end is not what its kind asks for
 */
export function parseBounds(kind: RangeKind, min: Buffer, max: Buffer): FindPlaces {
  if (kind === "rank") return byRank(parseInteger(min), parseInteger(max));
  const parse = kind === "score" ? parseScoreEnd : parseLexEnd;
  const [low, high] = [parse(min), parse(max)];
  return (set, reversed = false) => {
    if (kind === "lex" && set.encoding() === "listpack") return walkLex(set, low, high, reversed);
    const start = set.order.countWhile((item) => low.isAfter(item));
    const end = Math.max(
      set.order.countWhile((item) => !high.isBefore(item)),
      start,
    );
    return reversed ? { start: set.size - end, end: set.size - start } : { start, end };
  };
}

/**
 * Redis promises members by their bytes only where all scores are the same. Where they are not, what a
 * listpack gives is what comes one after the other from the first (or last) that fits.
 */
function walkLex(set: SortedSetValue, low: End, high: End, reversed: boolean): Places {
  const items = set.order.slice(0, set.size);
  const [first, last] = [items[0], items.at(-1)];
  const nothing = { start: 0, end: 0 };
  if (!first || !last || low.isAfter(last) || high.isBefore(first)) return nothing;
  const [near, far] = reversed ? [high.isBefore, low.isAfter] : [low.isAfter, high.isBefore];
  if (reversed) items.reverse();
  const start = items.findIndex((item) => !near(item));
  if (start < 0) return nothing;
  const after = items.slice(start).findIndex((item) => far(item));
  return { start, end: after < 0 ? items.length : start + after };
}

function byRank(first: number, last: number): FindPlaces {
  return ({ size }) => {
    const start = Math.max(first < 0 ? size + first : first, 0);
    const end = Math.min(last < 0 ? size + last : last, size - 1) + 1;
    return { start, end: Math.max(start, end) };
  };
}

/** One end of a range: whether it lies wholly after, or before, an item. */
interface End {
  readonly isAfter: (item: Scored) => boolean;
  readonly isBefore: (item: Scored) => boolean;
}

function parseScoreEnd(bytes: Buffer): End {
  const isOpen = bytes[0] === 0x28;
  const bound = readBound(isOpen ? bytes.subarray(1) : bytes);
  if (bound === undefined) throw new RedisError("ERR min or max is not a float");
  return {
    isAfter: ({ score }) => (isOpen ? score <= bound : score < bound),
    isBefore: ({ score }) => (isOpen ? score >= bound : score > bound),
  };
}

/** Less strict than other numbers, since Redis gives it to strtod as it is. */
function readBound(bytes: Buffer): number | undefined {
  const text = bytes.toString("latin1");
  if (text === "") return 0;
  const trimmed = text.replace(/^[ \t-\r]+/, "");
  const value = readDouble(Buffer.from(trimmed, "latin1"));
  if (value !== undefined) return value;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)e\+?\d+$/i.test(trimmed) ? Number(trimmed) : undefined;
}

function parseLexEnd(bytes: Buffer): End {
  const text = bytes.toString("latin1");
  if (text === "-") return { isAfter: () => false, isBefore: () => true };
  if (text === "+") return { isAfter: () => true, isBefore: () => false };
  const mark = text[0];
  if (mark !== "[" && mark !== "(") {
    throw new RedisError("ERR min or max not valid string range item");
  }
  const bound = text.slice(1);
  const isOpen = mark === "(";
  return {
    isAfter: ({ member }) => (isOpen ? member <= bound : member < bound),
    isBefore: ({ member }) => (isOpen ? member >= bound : member > bound),
  };
}
