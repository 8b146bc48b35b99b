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
const SHORT_BAR_COLUMNS = 10;
const WIDE_FROM = 100;

/** Lessons and exercises with bars. */
export function printProgress(
  lessons: readonly LessonState[],
  exercises: readonly ExerciseState[],
  terminal: Terminal,
  nowMs: number,
): string[] {
  const { style } = terminal;
  const columns = terminal.columns();
  const done = lessons.filter(({ isDone }) => isDone).length;
  const passed = exercises.filter(isWhole).length;
  const lines = [
    `${style.heading("Lessons")}  ${bar(done, lessons.length, terminal)}  ${done} of ${lessons.length}`,
    ...lessons.map(({ number, title, isDone, lastStep }) => {
      const mark = isDone ? style.good("✓") : lastStep > 0 ? style.warn("▸") : style.dim("·");
      const where = !isDone && lastStep > 0 ? `, at step ${lastStep}` : "";
      const aligned = String(number).padStart(String(lessons.length).length);
      return ` ${mark} ${cutTo(`${aligned}  ${title}${where}`, columns - 3)}`;
    }),
    "",
    `${style.heading("Exercises")}  ${bar(passed, exercises.length, terminal)}  ${passed} of ${exercises.length}`,
  ];
  const widest = Math.max(0, ...exercises.map(({ slug }) => slug.length));
  const rows = exercises.map((each) => ({
    each,
    head: ` ${markOf(each, terminal)} ${pad(each.slug, widest)}  ${bar(each.passed, each.checks, terminal)}`,
    facts: factsOf(each, nowMs),
  }));
  const room = columns - widest - barColumns(terminal) - 7;
  // On a narrow screen the facts go below: those of all, so that they stand below each other.
  const isNarrow = rows.some(({ facts }) => facts.length > room);
  for (const { each, head, facts } of rows) {
    if (isNarrow) lines.push(head, `   ${style.dim(cutTo(facts, columns - 3))}`);
    else lines.push(`${head}  ${style.dim(facts)}`);
    if (each.hasChanged) {
      lines.push(
        `   ${style.warn(cutTo("This exercise changed since you passed it.", columns - 3))}`,
      );
    }
  }
  return lines;
}

/** What comes next, below it. */
export function printNext(next: string | undefined): string[] {
  return ["", next === undefined ? "All is done. Well done." : `Next: ${next}`];
}

/** It has passed, and its last run was no worse. */
function isWhole({ hasPassed, passed, checks }: ExerciseState): boolean {
  return hasPassed && passed >= checks;
}

function markOf(exercise: ExerciseState, { style }: Terminal): string {
  if (isWhole(exercise)) return style.good("✓");
  return exercise.passed > 0 ? style.warn("▸") : style.dim("·");
}

function factsOf(each: ExerciseState, nowMs: number): string {
  return [
    `${each.passed} of ${each.checks}`,
    `${each.points} points`,
    ...(each.hasPassed && !isWhole(each) ? ["passed before"] : []),
    ...(each.hints > 0 ? [each.hints === 1 ? "one hint" : `${each.hints} hints`] : []),
    ...(each.lastRun === undefined ? [] : [`last run ${ago(nowMs - Date.parse(each.lastRun))}`]),
  ].join(", ");
}

function barColumns(terminal: Terminal): number {
  return terminal.columns() < WIDE_FROM ? SHORT_BAR_COLUMNS : BAR_COLUMNS;
}

function bar(done: number, all: number, terminal: Terminal): string {
  const { style } = terminal;
  const columns = barColumns(terminal);
  const full = all === 0 ? 0 : Math.floor((done / all) * columns);
  return style.good("█".repeat(full)) + style.dim("░".repeat(columns - full));
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
