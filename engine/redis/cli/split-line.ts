import { splitInline } from "../embedded/split-inline.ts";

/**
 * The arguments of a typed line, quoted as redis-cli allows: `"…"` with escapes, `'…'` with `\'` only.
 * They are bytes, since `"\xff"` is no text. Undefined: a quote is not closed, or is followed by
 * something other than a blank (redis-cli says `Invalid argument(s)`).
 */
export function splitLine(line: string): Buffer[] | undefined {
  // One character for each byte, so that escapes and UTF-8 may stand side by side.
  const bytes = Buffer.from(line).toString("latin1");
  return splitInline(bytes)?.map((word) => Buffer.from(word, "latin1"));
}
