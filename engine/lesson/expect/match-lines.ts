import type { ComparisonRow } from "../lesson-event.ts";
import { bindAll, matchLine } from "./match-line.ts";
import { type Names, UnknownName } from "./names.ts";
import { isAnyLines } from "./pattern.ts";

/** How expected lines and received lines go together. */
export interface LinesMatch {
  readonly holds: boolean;
  /** Empty when it holds. */
  readonly rows: readonly ComparisonRow[];
  readonly notes: readonly string[];
}

/** How one expected line is compared with a received one. */
export type Matcher = (
  expected: string,
  received: string,
  names: Names,
) => ReadonlyMap<string, string> | undefined;

/**
 * Compares lines in order (or in any), `…` alone being any number of lines. What is bound becomes known.
 * @param options.where names a line in the rows, counted from 1 on the received side
 */
export function matchLines(options: {
  expected: readonly string[];
  received: readonly string[];
  names: Names;
  anyOrder?: boolean;
  match?: Matcher;
  where?: (line: number) => string;
}): LinesMatch {
  const { expected, received, names } = options;
  const notes = new Set<string>();
  const match: Matcher = (...args) => {
    try {
      return (options.match ?? matchLine)(...args);
    } catch (error) {
      if (!(error instanceof UnknownName)) throw error;
      notes.add(error.message);
      return undefined;
    }
  };
  const pairs =
    options.anyOrder === true
      ? pairInAnyOrder(expected, received, names, match)
      : pairInOrder(expected, received, names, match);
  const where = options.where ?? (() => "");
  const rows: ComparisonRow[] = pairs
    .filter((pair) => pair.expected === undefined || !isAnyLines(pair.expected) || pair.same)
    .map((pair) => ({
      where: where((pair.at ?? pairs.indexOf(pair)) + 1),
      expected: pair.expected,
      received: pair.received,
      same: pair.same,
    }));
  const holds = rows.every(({ same }) => same);
  return { holds, rows: holds ? [] : rows, notes: [...notes] };
}

interface Pair {
  expected: string | undefined;
  received: string | undefined;
  same: boolean;
  /** Index of the received line. */
  at?: number;
}

/** Every way to pair them costs its differences; the cheapest one is shown. */
function pairInOrder(
  expected: readonly string[],
  received: readonly string[],
  names: Names,
  match: Matcher,
): Pair[] {
  const rows = expected.length + 1;
  const columns = received.length + 1;
  const costs = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
  const cost = (i: number, j: number) => costs[i]?.[j] ?? Infinity;
  const fits = expected.map((line) =>
    received.map((text) => !isAnyLines(line) && match(line, text, names) !== undefined),
  );
  // From the end, so that the walk from the beginning may bind names in order.
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      if (i === rows - 1 && j === columns - 1) continue;
      const line = expected[i];
      const any = line !== undefined && isAnyLines(line);
      const change = fits[i]?.[j] === true ? 0 : 1.5;
      const best = Math.min(
        any ? cost(i + 1, j) : cost(i + 1, j) + 1,
        any ? cost(i, j + 1) : cost(i, j + 1) + 1,
        any ? Infinity : cost(i + 1, j + 1) + change,
      );
      const row = costs[i];
      if (row !== undefined) row[j] = best;
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < expected.length || j < received.length) {
    const line = expected[i];
    const text = received[j];
    const any = line !== undefined && isAnyLines(line);
    if (any && cost(i, j) === cost(i + 1, j)) {
      i += 1;
    } else if (any && text !== undefined) {
      pairs.push({ expected: "…", received: text, same: true, at: j });
      j += 1;
    } else if (
      line !== undefined &&
      text !== undefined &&
      !any &&
      fits[i]?.[j] === true &&
      cost(i, j) === cost(i + 1, j + 1)
    ) {
      // Names bound further up may now say that it is another one.
      const found = match(line, text, names);
      if (found !== undefined) bindAll(found, names);
      pairs.push({ expected: line, received: text, same: found !== undefined, at: j });
      [i, j] = [i + 1, j + 1];
    } else if (
      line !== undefined &&
      text !== undefined &&
      !any &&
      cost(i, j) === cost(i + 1, j + 1) + 1.5
    ) {
      pairs.push({ expected: line, received: text, same: false, at: j });
      [i, j] = [i + 1, j + 1];
    } else if (line !== undefined && cost(i, j) === cost(i + 1, j) + 1) {
      pairs.push({ expected: line, received: undefined, same: false });
      i += 1;
    } else {
      pairs.push({ expected: undefined, received: text, same: false, at: j });
      j += 1;
    }
  }
  return pairs;
}

/** Each expected line takes a received one; where several fit, all ways are tried. */
function pairInAnyOrder(
  expected: readonly string[],
  received: readonly string[],
  names: Names,
  match: Matcher,
): Pair[] {
  const open = expected.some(isAnyLines);
  const lines = expected.filter((line) => !isAnyLines(line));
  const takenBy = new Map<number, number>();
  const give = (line: number, tried: Set<number>): boolean => {
    for (const [at, text] of received.entries()) {
      if (tried.has(at) || match(lines[line] ?? "", text, names) === undefined) continue;
      tried.add(at);
      const owner = takenBy.get(at);
      if (owner !== undefined && !give(owner, tried)) continue;
      takenBy.set(at, line);
      return true;
    }
    return false;
  };
  lines.forEach((_, line) => give(line, new Set()));
  const pairs: Pair[] = lines.map((line, index) => {
    const at = [...takenBy].find(([, owner]) => owner === index)?.[0];
    const text = at === undefined ? undefined : received[at];
    const found = text === undefined ? undefined : match(line, text, names);
    if (found !== undefined) bindAll(found, names);
    return {
      expected: line,
      received: found === undefined ? undefined : text,
      same: found !== undefined,
      ...(at === undefined ? {} : { at }),
    };
  });
  received.forEach((text, at) => {
    if (takenBy.has(at)) return;
    pairs.push({ expected: open ? "…" : undefined, received: text, same: open, at });
  });
  return pairs;
}
