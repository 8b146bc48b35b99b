import type { CheckHints } from "../../catalog/content-rules/read-hints.ts";
import { wrap } from "../layout.ts";
import { renderToCopy } from "../render-markdown.ts";
import type { Terminal } from "../terminal.ts";

/** Prose is hard to read in long lines. */
const LONGEST_LINE = 92;

/** The first `shown` hints of a check; those that were read `before` stay readable above the new one. */
export function printHints(
  hints: CheckHints,
  shown: number,
  before: number,
  terminal: Terminal,
): string[] {
  const { style } = terminal;
  const width = Math.min(terminal.columns(), LONGEST_LINE);
  const lines = [...wrap(`${hints.number}. ${hints.title}`, width).map(style.bold), ""];
  for (let at = 0; at < shown; at += 1) {
    const isNew = at >= before;
    const mark = isNew && before > 0 ? " (new)" : "";
    const level = `Hint ${at + 1} of ${hints.texts.length}: ${hints.levels[at] ?? ""}${mark}`;
    lines.push(...wrap(level, width).map(isNew ? style.heading : style.dim), "");
    const text = renderToCopy(hints.texts[at] ?? "", width - 2, style);
    lines.push(...text.map((line) => `  ${line}`.trimEnd()), "");
  }
  return lines;
}
