import type { SessionLabel } from "../../lesson/lesson-event.ts";
import type { Style } from "../style.ts";

/** What rendering an event depends on. */
export interface LessonView {
  readonly style: Style;
  readonly width: number;
  /** `plain`: no frames, for files and pipes. */
  readonly layout: "framed" | "plain";
  /** For projectors: one panel at a time, below each other. */
  readonly isSlow: boolean;
  /** Why a recording is played was said before. */
  readonly knowsRecording?: boolean;
  readonly sessions: readonly SessionLabel[];
}

/** Prose is hard to read in long lines. */
const LONGEST_LINE = 92;

/** The width for text. */
export function proseWidth(view: LessonView): number {
  return Math.min(view.width, LONGEST_LINE);
}
