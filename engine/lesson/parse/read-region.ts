/** A region of a file, without its markers and without the indentation that all its lines share. */
export interface FoundRegion {
  readonly text: string;
  /** Of its first line in the file, counted from 1. */
  readonly line: number;
}

const MARKER = /^\s*(?:\/\/|#|--|;)\s*#(region|endregion)\b\s*(\S*)/;

/** Finds a region by its name, or takes the whole file; undefined when there is no such region, or it does not end. */
export function readRegion(source: string, region: string | undefined): FoundRegion | undefined {
  const lines = source.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n");
  if (region === undefined) return { text: tidy(lines), line: 1 };
  const begin = lines.findIndex((line) => isBegin(line, region));
  if (begin < 0) return undefined;
  let depth = 0;
  for (let at = begin; at < lines.length; at += 1) {
    const kind = MARKER.exec(lines[at] ?? "")?.[1];
    if (kind === "region") depth += 1;
    if (kind === "endregion") depth -= 1;
    if (depth === 0) return { text: tidy(lines.slice(begin + 1, at)), line: begin + 2 };
  }
  return undefined;
}

/** Names of the regions of a file, for messages. */
export function listRegions(source: string): string[] {
  return source.split("\n").flatMap((line) => {
    const match = MARKER.exec(line);
    return match?.[1] === "region" && match[2] !== undefined ? [match[2]] : [];
  });
}

function isBegin(line: string, region: string): boolean {
  const match = MARKER.exec(line);
  return match?.[1] === "region" && match[2] === region;
}

function tidy(lines: readonly string[]): string {
  const kept = lines.filter((line) => !MARKER.test(line)).map((line) => line.trimEnd());
  const indents = kept
    .filter((line) => line !== "")
    .map((line) => line.length - line.trimStart().length);
  const common = indents.length === 0 ? 0 : Math.min(...indents);
  return kept.map((line) => line.slice(common)).join("\n");
}
