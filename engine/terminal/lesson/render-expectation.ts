import { diffWordsWithSpace } from "diff";
import type { ComparisonRow, Expectation } from "../../lesson/lesson-event.ts";
import { wrap, wrapExactly } from "../layout.ts";
import type { LessonView } from "./lesson-view.ts";

const MOST_ROWS = 30;
const MOST_SAME = 2;

/** What does not hold, as expected against received; of what holds the notes alone. */
export function renderExpectation(event: Expectation, view: LessonView): string[] {
  const { style } = view;
  const room = view.width - 4;
  if (event.holds) return event.notes.flatMap((note) => wrap(note, room).map(style.warn));
  const title = `${style.bad("✗")} ${style.bold(`\`${event.block}\``)}, line ${event.line} of README.md: ${style.bad("- expected")}  ${style.good("+ received")}`;
  const rows = withoutLongRuns(event.rows);
  const lines = rows.slice(0, MOST_ROWS).flatMap((row) => renderRow(row, view));
  if (rows.length > MOST_ROWS) lines.push(style.dim(`and ${rows.length - MOST_ROWS} more`));
  return [
    title,
    ...lines.flatMap((line) => wrapExactly(line, room)).map((line) => `  ${line}`.trimEnd()),
    ...event.notes.map((note) => `  ${style.warn(note)}`),
  ];
}

function renderRow({ where, expected, received, same }: ComparisonRow, view: LessonView): string[] {
  const { style } = view;
  const place = where === "" ? [] : [style.dim(where)];
  if (same) return [...place, ...text("  ", received ?? expected, style.dim)];
  if (expected === undefined || received === undefined) {
    return [
      ...place,
      ...text("- ", expected ?? "(nothing)", style.bad),
      ...text("+ ", received ?? "(nothing)", style.good),
    ];
  }
  const parts = diffWordsWithSpace(expected, received);
  const side = (paint: (text: string) => string, leaveOut: "added" | "removed") =>
    parts
      .filter((part) => !part[leaveOut])
      .map(({ value, added, removed }) =>
        added || removed ? style.underline(paint(value)) : value,
      )
      .join("");
  return [
    ...place,
    ...text("- ", side(style.bad, "added"), (line) => line, style.bad),
    ...text("+ ", side(style.good, "removed"), (line) => line, style.good),
  ];
}

function text(
  mark: string,
  value: string | undefined,
  paint: (text: string) => string,
  paintMark = paint,
): string[] {
  return (value ?? "").split("\n").map((line) => paintMark(mark) + paint(line));
}

/** Rows that agree are there for orientation: a few around those that do not. */
function withoutLongRuns(rows: readonly ComparisonRow[]): ComparisonRow[] {
  return rows.filter((row, at) => {
    if (!row.same) return true;
    return rows.slice(Math.max(0, at - MOST_SAME), at + MOST_SAME + 1).some((near) => !near.same);
  });
}
