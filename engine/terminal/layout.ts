import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { breakLines } from "./break-lines.ts";

/** Prose in lines that are at most `width` columns wide; colours go on in the next line. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  return text
    .split("\n")
    .flatMap((line) => wrapAnsi(breakLongWords(line, room), room, { hard: true }).split("\n"));
}

/** An address that is longer than a line is broken between its parts. */
function breakLongWords(line: string, width: number): string {
  if (stringWidth(line) <= width) return line;
  return line.replaceAll(/\S+/g, (word) =>
    stringWidth(word) > width ? breakLines(word, width, "").join("\n") : word,
  );
}

/** Breaks a line of code; a command for the shell so that it can still be copied as it stands. */
export function wrapCode(
  line: string,
  language: string,
  { width, indent }: { width: number; indent?: string },
): string[] {
  const isShell = /^(?:sh|bash|shell)$/.test(language);
  const lines = breakLines(line, isShell ? width - 2 : width, indent);
  if (!isShell || stringWidth(line) <= width) return isShell ? [line] : lines;
  // Only a blank may become a backslash and a line end.
  const isWhole = lines.map(bare).join(" ") === bare(line);
  return isWhole ? lines.map((each, at) => (at < lines.length - 1 ? `${each} \\` : each)) : lines;
}

function bare(text: string): string {
  return stripVTControlCharacters(text).trim();
}

/** Breaks text that is no prose: see breakLines. */
export function wrapExactly(text: string, width: number, indent = "  "): string[] {
  return text.split("\n").flatMap((line) => breakLines(line, width, indent));
}

/** Blanks on the right up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** The first `lines` lines; `…` says that there were more. */
export function limitLines(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most - 1), "…"];
}

/** What stands in a panel, below its title. */
export interface Panel {
  /** May be coloured. */
  readonly title: string;
  /** On the right of the title line. */
  readonly note?: string;
  readonly lines: readonly string[];
}

const MARGIN = 1;

/** The columns that are left for text in a panel of this width, frame included. */
export function panelRoom(width: number): number {
  return width - 2 - 2 * MARGIN;
}

/**
 * Panels in one frame: those of one inner list below each other, the lists beside each other.
 * `widths` are the outer widths of the columns; neighbours share a line of the frame.
 */
export function framePanels(
  columns: readonly (readonly Panel[])[],
  widths: readonly number[],
  paint: (frame: string) => string,
): string[] {
  const bodies = columns.map((panels, at) => column(panels, widths[at] ?? 20, paint));
  const height = Math.max(...bodies.map((body) => body.length));
  const lines: string[] = [];
  for (let row = 0; row < height; row += 1) {
    const cells = bodies.map((body, at) => {
      const cell = body[row];
      return {
        text: cell?.text ?? " ".repeat((widths[at] ?? 20) - 2),
        isRule: cell?.isRule === true,
      };
    });
    lines.push(joinRow(cells, row === 0, paint));
  }
  const bottom = widths.map((width) => "─".repeat(width - 2)).join("┴");
  lines.push(paint(`╰${bottom}╯`));
  return lines;
}

interface Cell {
  readonly text: string;
  /** A line of the frame, with a title. */
  readonly isRule: boolean;
}

function column(panels: readonly Panel[], width: number, paint: (frame: string) => string): Cell[] {
  return panels.flatMap(({ title, note, lines }) => [
    { text: rule(title, note, width - 2, paint), isRule: true },
    ...lines.map((line) => ({
      text: " ".repeat(MARGIN) + pad(line, panelRoom(width)) + " ".repeat(MARGIN),
      isRule: false,
    })),
  ]);
}

function rule(
  title: string,
  note: string | undefined,
  width: number,
  paint: (frame: string) => string,
): string {
  const left = title === "" ? "" : ` ${title} `;
  const right = note === undefined || note === "" ? "" : ` ${note} `;
  const rest = width - 2 - stringWidth(left) - stringWidth(right);
  if (rest < 0) return right === "" ? pad(left, width) : rule(title, undefined, width, paint);
  return paint("─") + left + paint("─".repeat(rest)) + right + paint("─");
}

function joinRow(cells: readonly Cell[], isTop: boolean, paint: (frame: string) => string): string {
  const joints = Array.from({ length: cells.length + 1 }, (_, at) => {
    const left = cells[at - 1]?.isRule === true;
    const right = cells[at]?.isRule === true;
    const isFirst = at === 0;
    const isLast = at === cells.length;
    if (isTop) return isFirst ? "╭" : isLast ? "╮" : "┬";
    if (left && right) return "┼";
    if (right) return "├";
    return left ? "┤" : "│";
  });
  return (
    paint(joints[0] ?? "") +
    cells.map((cell, at) => cell.text + paint(joints[at + 1] ?? "")).join("")
  );
}
