import { argument } from "./command.ts";
import { matchesGlob } from "./glob.ts";
import { isWord, parseInteger } from "./parse-arguments.ts";
import { syntaxError } from "./redis-error.ts";
import { bulk, type Reply } from "./reply.ts";
import type { ScannableMap } from "./scannable-map.ts";

const DEFAULT_COUNT = 10;

/**
 * What HSCAN, SSCAN and ZSCAN answer. A collection in a compact encoding is given whole, whatever
 * COUNT says, as in Redis.
 * @param show the replies for one entry that matches
 */
export function scanCollection<V>(
  args: readonly Buffer[],
  cursor: bigint,
  collection: { map: ScannableMap<V>; isCompact: boolean },
  show: (name: string, value: V) => readonly Reply[],
): Reply {
  const { count, pattern } = readOptions(args);
  const { map, isCompact } = collection;
  const { next, entries } = isCompact
    ? { next: 0n, entries: [...map.entries()] }
    : map.scan(cursor, count);
  const found = entries.filter(([name]) => pattern === undefined || matchesGlob(pattern, name));
  return [bulk(String(next)), found.flatMap(([name, value]) => show(name, value))];
}

/** What they answer for a key that is missing: the options are not even looked at. */
export const EMPTY_SCAN: Reply = [bulk("0"), []];

function readOptions(args: readonly Buffer[]): { count: number; pattern: string | undefined } {
  let count = DEFAULT_COUNT;
  let pattern: string | undefined;
  for (let at = 3; at < args.length; at += 2) {
    const value = args[at + 1];
    if (!value) throw syntaxError();
    if (isWord(args[at], "count")) {
      count = parseInteger(value);
      if (count < 1) throw syntaxError();
    } else if (isWord(args[at], "match")) pattern = argument(args, at + 1).toString("latin1");
    else throw syntaxError();
  }
  return { count, pattern };
}
