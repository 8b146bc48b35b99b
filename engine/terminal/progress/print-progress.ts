import { cutTo } from "../keys/cut-to.ts";
import { pad } from "../layout.ts";
import type { Terminal } from "../terminal.ts";

export interface LessonState {
  readonly number: number;
  readonly slug: string;
  readonly title: string;
  readonly isDone: boolean;
  readonly lastStep: number;
}

export interface ExerciseState {
  readonly slug: string;
  readonly title: string;
  readonly hasPassed: boolean;
  /** Its checks or its README are others than when it passed. */
  readonly hasChanged: boolean;
  readonly points: number;
  readonly passed: number;
  readonly checks: number;
  /** Hints read. */
  readonly hints: number;
  /** ISO time. */
  readonly lastRun: string | undefined;
}

const BAR_COLUMNS = 18;

/** Lessons and exercises with bars, and what comes next. */
export function printProgress(
  lessons: readonly LessonState[],
  exercises: readonly ExerciseState[],
  next: string | undefined,
  terminal: Terminal,
  nowMs: number,
): string[] {
  const { style } = terminal;
  const columns = terminal.columns();
  const done = lessons.filter(({ isDone }) => isDone).length;
  const passed = exercises.filter(({ hasPassed }) => hasPassed).length;
  const lines = [
    `${style.heading("Lessons")}  ${bar(done, lessons.length, terminal)}  ${done} of ${lessons.length}`,
    ...lessons.map(({ number, title, isDone, lastStep }) => {
      const mark = isDone ? style.good("✓") : lastStep > 0 ? style.warn("▸") : style.dim("·");
      const where = !isDone && lastStep > 0 ? `, at step ${lastStep}` : "";
      return ` ${mark} ${cutTo(`${number}  ${title}${where}`, columns - 3)}`;
    }),
    "",
    `${style.heading("Exercises")}  ${bar(passed, exercises.length, terminal)}  ${passed} of ${exercises.length}`,
  ];
  const widest = Math.max(0, ...exercises.map(({ slug }) => slug.length));
  for (const each of exercises) {
    const mark = each.hasPassed
      ? style.good("✓")
      : each.passed > 0
        ? style.warn("▸")
        : style.dim("·");
    const facts = [
      `${each.passed} of ${each.checks}`,
      `${each.points} points`,
      ...(each.hints > 0 ? [each.hints === 1 ? "one hint" : `${each.hints} hints`] : []),
      ...(each.lastRun === undefined ? [] : [`last run ${ago(nowMs - Date.parse(each.lastRun))}`]),
    ].join(", ");
    const head = ` ${mark} ${pad(each.slug, widest)}  ${bar(each.passed, each.checks, terminal)}`;
    // On a narrow screen the facts go below.
    if (columns >= widest + BAR_COLUMNS + 50) lines.push(`${head}  ${facts}`);
    else lines.push(head, `   ${style.dim(cutTo(facts, columns - 3))}`);
    if (each.hasChanged) {
      lines.push(
        `   ${style.warn(cutTo("This exercise changed since you passed it.", columns - 3))}`,
      );
    }
  }
  const end = next === undefined ? "All is done. Well done." : `Next: ${next}`;
  return [...lines, "", end];
}

function bar(done: number, all: number, { style }: Terminal): string {
  const full = all === 0 ? 0 : Math.floor((done / all) * BAR_COLUMNS);
  return style.good("█".repeat(full)) + style.dim("░".repeat(BAR_COLUMNS - full));
}

/** `3 minutes ago`, in the largest unit that fits. */
function ago(ms: number): string {
  const units = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ] as const;
  for (const [unit, size] of units) {
    const count = Math.floor(ms / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
