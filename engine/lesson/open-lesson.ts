import type { LessonSession } from "./lesson-event.ts";

/** How to open a lesson. */
export interface OpenLessonOptions {
  /** Absolute path of the lesson's folder. */
  readonly folder: string;
  /** For `provideRedis`. Default: process.env. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Start a program again when its file is saved. Default: no. */
  readonly watch?: boolean;
}

/**
 * Reads the document and starts what it needs, without waiting for it.
 * @throws LessonMistakes when the document has mistakes
 */
export async function openLesson(options: OpenLessonOptions): Promise<LessonSession> {
  const { startSession } = await import("./play/start-session.ts");
  return await startSession(options);
}
