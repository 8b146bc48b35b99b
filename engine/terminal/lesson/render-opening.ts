import type { RedisFacts } from "../../lesson/lesson-event.ts";
import type { Lesson } from "../../lesson/lesson.ts";
import { wrap } from "../layout.ts";
import { type LessonView, proseWidth } from "./lesson-view.ts";

/** The head of a lesson: its title, and which Redis serves it, in one line. */
export function renderOpening(lesson: Lesson, redis: RedisFacts, view: LessonView): string[] {
  const { style } = view;
  const width = proseWidth(view);
  const steps = `${count(lesson.steps.length, "step")}, ${count(lesson.minutes, "minute")}`;
  return [
    ...wrap(`${style.heading(lesson.title)}  ${style.dim(steps)}`, width),
    ...wrap(redis.line, width).map(style.dim),
    ...redis.notes.flatMap((note) => wrap(note, width).map(style.warn)),
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
