import { provideRedis, type StartedRedis } from "../../redis/provide-redis.ts";
import type { Lesson } from "../lesson.ts";
import type { LessonSession } from "../lesson-event.ts";
import type { OpenLessonOptions } from "../open-lesson.ts";
import { readLesson } from "../read-lesson.ts";
import { LiveSession } from "./live-session.ts";

/**
 * Reads the document, starts Redis and the programs, and answers without waiting for them.
 */
export async function startSession(options: OpenLessonOptions): Promise<LessonSession> {
  const environment = options.environment ?? process.env;
  // The Redis takes longest: it starts while the document is read.
  const redis = provideRedis({ purpose: "lesson", environment });
  redis.catch(() => {});
  let lesson: Lesson;
  try {
    lesson = await readLesson(options.folder);
  } catch (error) {
    await dispose(redis);
    throw error;
  }
  return new LiveSession({ ...options, environment, lesson, redis });
}

async function dispose(redis: Promise<StartedRedis>): Promise<void> {
  const started = await redis.catch(() => undefined);
  await started?.[Symbol.asyncDispose]();
}
