import type { Names } from "./names.ts";
import { type LinePattern, readPattern, type Segment } from "./pattern.ts";

/** The names that a line bound, or undefined when it is another line. */
export type LineMatch = ReadonlyMap<string, string> | undefined;

/**
 * Compares one line with a pattern, from its beginning to its end. Nothing is bound yet: see bindAll.
 * @throws UnknownName when the pattern uses a name that has no value
 */
export function matchLine(pattern: LinePattern | string, text: string, names: Names): LineMatch {
  const { segments } = typeof pattern === "string" ? readPattern(pattern) : pattern;
  const bound = new Map<string, string>();
  const pieces = splitAtAny(segments);
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const isFirst = index === 0;
    const isLast = index === pieces.length - 1;
    const end = findPiece(piece, { text, from: at, isFirst, isLast, names, bound });
    if (end === undefined) return undefined;
    at = end;
  }
  return bound;
}

/** Makes the names of a match known. */
export function bindAll(match: ReadonlyMap<string, string>, names: Names): void {
  for (const [name, value] of match) names.bind(name, value);
}

/** Between two `…` stands a piece that must be found as a whole: the first place will do. */
function splitAtAny(segments: readonly Segment[]): Segment[][] {
  const pieces: Segment[][] = [[]];
  for (const segment of segments) {
    if (segment.kind === "any") pieces.push([]);
    else pieces.at(-1)?.push(segment);
  }
  return pieces;
}

function findPiece(
  piece: readonly Segment[],
  options: {
    text: string;
    from: number;
    isFirst: boolean;
    isLast: boolean;
    names: Names;
    bound: Map<string, string>;
  },
): number | undefined {
  const { text, from, isFirst, isLast, names, bound } = options;
  if (piece.length === 0)
    return isLast && isFirst ? (text === "" ? 0 : undefined) : isLast ? text.length : from;
  const { source, captures } = toRegExp(piece, names, bound);
  const anchored = `${isFirst ? "^" : ""}${source}${isLast ? "$" : ""}`;
  // The last piece may stand at the end only, so every place must be tried.
  const regExp = new RegExp(anchored, "dgsu");
  for (let start = from; start <= text.length; start += 1) {
    regExp.lastIndex = start;
    const match = regExp.exec(text);
    if (match === null) return undefined;
    const values = captures.map((_, index) => match[index + 1] ?? "");
    if (captures.every((segment, index) => isNear(segment, values[index] ?? ""))) {
      captures.forEach((segment, index) => {
        if (segment.kind === "bind") bound.set(segment.name, values[index] ?? "");
      });
      return match.index + match[0].length;
    }
    start = match.index;
  }
  return undefined;
}

function toRegExp(
  piece: readonly Segment[],
  names: Names,
  bound: ReadonlyMap<string, string>,
): { source: string; captures: Segment[] } {
  const captures: Segment[] = [];
  const source = piece.map((segment): string => {
    if (segment.kind === "literal") return escape(segment.text);
    if (segment.kind === "name") return escape(names.get(segment.name, segment.of));
    if (segment.kind === "near") {
      captures.push(segment);
      return String.raw`(?<![\d.])(-?\d+(?:\.\d+)?)(?!\d)`;
    }
    if (segment.kind === "any") return ".*?";
    const known = bound.get(segment.name) ?? names.bound(segment.name);
    if (known !== undefined) return escape(known);
    captures.push(segment);
    return "(.+?)";
  });
  return { source: source.join(""), captures };
}

function isNear(segment: Segment, value: string): boolean {
  return segment.kind !== "near" || Math.abs(Number(value) - segment.value) <= segment.within;
}

function escape(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
}
