import stringWidth from "string-width";

const ESCAPE = "\u001B";
/** Colours, links, and single characters. */
const TOKENS = new RegExp(`${ESCAPE}\\[[\\d;]*m|${ESCAPE}\\]8;;[^\u0007]*\u0007|[\\s\\S]`, "gu");
const COLOUR = new RegExp(`^${ESCAPE}\\[([\\d;]*)m$`);
const CLOSES: Readonly<Record<string, readonly string[]>> = {
  "22": ["1", "2"],
  "23": ["3"],
  "24": ["4"],
  "27": ["7"],
  "39": [],
};
/** A line of text that is no prose may end after these. */
const BREAKS = new Set([" ", ",", ";", "&"]);
/** And after these, inside a word that is longer than a line. */
const BREAKS_OF_WORDS = new Set(["/", "…", ":", "-"]);
/** A break before this share of the width would leave too ragged an edge. */
const LEAST_FILL = 0.6;

interface Piece {
  readonly text: string;
  readonly columns: number;
}

/**
 * Breaks one line of commands, headers or JSON: after a comma, a semicolon or a blank where there is
 * one near the edge, else before the word at the edge; a word is only broken where it is longer than a line.
 * Nothing is lost but a blank at the break. The lines after the first are indented; colours end with each
 * line and begin again in the next.
 */
export function breakLines(line: string, width: number, indent = "  "): string[] {
  if (stringWidth(line) <= width) return [line];
  const pieces = (line.match(TOKENS) ?? []).map(toPiece);
  const lines: string[] = [];
  let open: string[] = [];
  let at = 0;
  while (at < pieces.length) {
    const prefix = lines.length === 0 ? "" : indent;
    const end = findEnd(pieces, at, Math.max(1, width - prefix.length));
    const part = pieces.slice(at, end);
    const begin = open.join("");
    for (const { text, columns } of part) if (columns === 0) open = change(open, text);
    const text = part.map((piece) => piece.text).join("");
    lines.push(prefix + begin + text.trimEnd() + closing(open));
    at = end;
    while (pieces[at]?.text === " ") at += 1;
  }
  return lines;
}

function toPiece(text: string): Piece {
  const isEscape = text.startsWith(ESCAPE);
  return {
    text,
    columns: isEscape ? 0 : text.length === 1 && text < "\u007F" ? 1 : stringWidth(text),
  };
}

/** Index behind the last piece that goes into this line. */
function findEnd(pieces: readonly Piece[], from: number, room: number): number {
  let used = 0;
  let at = from;
  let good: number | undefined;
  let inWord: number | undefined;
  let blank: number | undefined;
  for (; at < pieces.length; at += 1) {
    const { text, columns } = pieces[at] ?? { text: "", columns: 0 };
    if (used + columns > room) {
      // What fits exactly may end here.
      if (text === " ") return at;
      if (good !== undefined) return good;
      if (blank !== undefined && fits(pieces, blank, room)) return blank;
      return inWord ?? Math.max(at, from + 1);
    }
    used += columns;
    if (text === " ") blank = at + 1;
    if (used < room * LEAST_FILL) continue;
    if (BREAKS.has(text)) good = at + 1;
    if (BREAKS_OF_WORDS.has(text)) inWord = at + 1;
  }
  return at;
}

/** Whether the word that begins here has room in a line of its own. */
function fits(pieces: readonly Piece[], from: number, room: number): boolean {
  let used = 0;
  for (let at = from; at < pieces.length; at += 1) {
    const { text, columns } = pieces[at] ?? { text: "", columns: 0 };
    if (text === " ") return true;
    used += columns;
    if (used > room) return false;
  }
  return true;
}

function change(open: readonly string[], escape: string): string[] {
  const code = COLOUR.exec(escape)?.[1];
  if (code === undefined) return [...open];
  if (code === "0") return [];
  const closed = CLOSES[code];
  if (closed === undefined) return [...open, escape];
  return open.filter((each) => {
    const which = /\[(\d+)m/.exec(each)?.[1] ?? "";
    return code === "39" ? !/^(?:3\d|9\d)$/.test(which) : !closed.includes(which);
  });
}

function closing(open: readonly string[]): string {
  return open.length === 0 ? "" : `${ESCAPE}[0m`;
}
