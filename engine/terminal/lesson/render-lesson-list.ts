import type { LessonEntry } from "../../catalog/lesson-entry.ts";
import type { LessonProgress } from "../../progress/progress.ts";
import stringWidth from "string-width";
import { pad, wrap } from "../layout.ts";
import type { Style } from "../style.ts";

const WIDE_FROM = 100;

/**
 * The lessons: what is done, how long each takes, what it needs, and which one comes next.
 * @param obstacles why a lesson can only be played as a recording here, by its slug
 */
export function renderLessonList(
  lessons: readonly LessonEntry[],
  progress: Readonly<Record<string, LessonProgress>>,
  columns: number,
  style: Style,
  obstacles: ReadonlyMap<string, string> = new Map(),
): string[] {
  const next = nextLesson(lessons, progress);
  const titles = Math.max(...lessons.map(({ title }) => stringWidth(title)), 10);
  const lines = lessons.flatMap((lesson) => {
    const isNext = lesson === next;
    const been = progress[lesson.slug];
    const mark = been?.done === true ? style.good("✓") : isNext ? style.key("▸") : " ";
    const number = String(lesson.number).padStart(2);
    const title = pad(isNext ? style.bold(lesson.title) : lesson.title, titles);
    const minutes = lesson.minutes === undefined ? "" : `${lesson.minutes} min`;
    const head = `${mark} ${number}  ${title}  ${minutes.padStart(7)}  ${pad(stateOf(been, isNext, style), 14)}`;
    const needs = needsOf(lesson, obstacles.get(lesson.slug));
    const room = columns - stringWidth(head) - 1;
    if (columns >= WIDE_FROM && stringWidth(needs) <= room) {
      return [`${head} ${style.dim(needs)}`.trimEnd()];
    }
    const below = needs === "" ? [] : wrap(needs, Math.min(columns, 92) - 6);
    return [head.trimEnd(), ...below.map((line) => `      ${style.dim(line)}`)];
  });
  const hint =
    next === undefined
      ? "All lessons are done. Each can be played again: npm run lesson 1"
      : `Next: ${style.key(nextCommand(next, progress[next.slug]))}`;
  return [...lines, "", hint];
}

/** The first lesson that was not played to its end. */
export function nextLesson(
  lessons: readonly LessonEntry[],
  progress: Readonly<Record<string, LessonProgress>>,
): LessonEntry | undefined {
  return lessons.find(({ slug }) => progress[slug]?.done !== true);
}

function nextCommand(lesson: LessonEntry, been: LessonProgress | undefined): string {
  const step = been === undefined || been.lastStep <= 1 ? "" : ` ${been.lastStep}`;
  return `npm run lesson ${lesson.number}${step}`;
}

function stateOf(been: LessonProgress | undefined, isNext: boolean, style: Style): string {
  if (been?.done === true) return style.good("done");
  if (been !== undefined) return style.warn(`at step ${been.lastStep}`);
  return isNext ? style.key("next") : style.dim("open");
}

function needsOf({ needs, redis, programs }: LessonEntry, obstacle: string | undefined): string {
  const isPicky = redis !== "any" || programs.some((file) => file.endsWith(".py"));
  const live = isPicky ? " It plays live here." : "";
  const recorded = obstacle === undefined ? live : ` Here as a recording: ${obstacle}.`;
  return `${needs ?? ""}${recorded}`.trim();
}
