/** A part of a line that is expected. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "near"; readonly value: number; readonly within: number }
  | { readonly kind: "bind"; readonly name: string }
  | { readonly kind: "name"; readonly name: string; readonly of: NameProperty | undefined };

export type NameProperty = "sid" | "cookie" | "port";

/** A line in which some parts may vary. */
export interface LinePattern {
  readonly source: string;
  readonly segments: readonly Segment[];
}

/** What is wrong with a line of an expectation, and what to do. */
export class PatternMistake extends Error {
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.name = "PatternMistake";
    this.remedy = remedy;
  }
}

const DEFAULT_WITHIN = 2;
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const TOKEN = new RegExp(
  String.raw`(?<any>…)|(?<!\w)~(?<near>${NUMBER})(?:±(?<within>\d+(?:\.\d+)?))?|\{\{(?<bind>\w+)\}\}|` +
    String.raw`(?<dollar>\$\$)|\$(?<name>[a-zA-Z]\w*)(?:\.(?<of>sid|cookie|port)(?!\w))?`,
  "g",
);

/**
 * Reads a line of an expectation (see CONTRIBUTING.md, What varies).
 * @throws PatternMistake where two parts that vary touch, so that nobody could tell where one ends
 */
export function readPattern(source: string): LinePattern {
  const segments: Segment[] = [];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > at) segments.push({ kind: "literal", text: source.slice(at, match.index) });
    at = match.index + match[0].length;
    segments.push(toSegment(match.groups ?? {}));
  }
  if (at < source.length) segments.push({ kind: "literal", text: source.slice(at) });
  segments.forEach((segment, index) => {
    const next = segments[index + 1];
    if (segment.kind === "bind" && (next?.kind === "any" || next?.kind === "bind")) {
      throw new PatternMistake(
        `Nothing says where {{${segment.name}}} ends.`,
        "Put a character between it and what varies next.",
      );
    }
    if (segment.kind === "any" && next?.kind === "bind") {
      throw new PatternMistake(
        `Nothing says where {{${next.name}}} begins.`,
        "Put a character between it and the … before.",
      );
    }
  });
  return { source, segments };
}

function toSegment(groups: Readonly<Record<string, string | undefined>>): Segment {
  if (groups["any"] !== undefined) return { kind: "any" };
  if (groups["near"] !== undefined) {
    const within = groups["within"];
    return {
      kind: "near",
      value: Number(groups["near"]),
      within: within === undefined ? DEFAULT_WITHIN : Number(within),
    };
  }
  if (groups["bind"] !== undefined) return { kind: "bind", name: groups["bind"] };
  if (groups["dollar"] !== undefined) return { kind: "literal", text: "$" };
  return {
    kind: "name",
    name: groups["name"] ?? "",
    of: groups["of"] as NameProperty | undefined,
  };
}

/** Whether it says anything: a letter, a digit or a name of its own. */
export function saysSomething({ segments }: LinePattern): boolean {
  return segments.some(
    (segment) =>
      segment.kind === "near" ||
      segment.kind === "name" ||
      (segment.kind === "literal" && /[\p{L}\p{N}]/u.test(segment.text)),
  );
}

/** A line of nothing but `…`: any number of lines. */
export function isAnyLines(source: string): boolean {
  return source.trim() === "…";
}
