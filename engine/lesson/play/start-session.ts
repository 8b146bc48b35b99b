import { readFile } from "node:fs/promises";
import path from "node:path";
import { repository } from "../../catalog/repository.ts";
import { UserError } from "../../errors.ts";
import type { StartedRedis } from "../../redis/provide-redis.ts";
import type { Lesson } from "../lesson.ts";
import type { LessonSession } from "../lesson-event.ts";
import type { OpenLessonOptions } from "../open-lesson.ts";
import { readLesson } from "../read-lesson.ts";
import { RecordedSession } from "../recording/recorded-session.ts";
import { readRecording } from "../recording/recording.ts";
import { LiveSession } from "./live-session.ts";
import { findPython, pythonInstallLines } from "../../process/find-python.ts";
import { isPython } from "./start-lesson-program.ts";
import { LessonObstacle, provideLessonRedis } from "./provide-lesson-redis.ts";

const PYTHON_DEADLINE_MS = 10_000;
const REQUIREMENTS = "lessons/10-another-language/requirements.txt";

/**
 * Reads the document, starts Redis and the programs, and answers without waiting for them. A lesson that this machine
 * cannot play live is opened as its recording.
 * @throws LessonMistakes when the document has mistakes
 * @throws UserError when it cannot be played here, and there is no recording
 */
export async function startSession(options: OpenLessonOptions): Promise<LessonSession> {
  const environment = options.environment ?? process.env;
  const need = await peekNeed(options.folder);
  const provide = async () => await provideLessonRedis(need, environment);
  // The Redis takes longest: it starts while the document is read.
  const redis = provide();
  redis.catch(() => {});
  let lesson: Lesson;
  try {
    lesson = await readLesson(options.folder);
  } catch (error) {
    await dispose(redis);
    throw error;
  }
  const obstacle = await findObstacle(lesson, redis, environment);
  if (obstacle === undefined) {
    return new LiveSession({ ...options, lesson, redis, provide });
  }
  await dispose(redis);
  const recording = await readRecording(options.folder);
  if (recording === undefined) {
    throw new UserError(`${obstacle.message} And there is no recording of this lesson to play.`, {
      hint: "npm run doctor",
    });
  }
  const { message: why, notes } = obstacle;
  return new RecordedSession(lesson, recording, { why, notes });
}

/** Waits for the Redis only where it decides whether the lesson can be played. */
async function findObstacle(
  lesson: Lesson,
  redis: Promise<StartedRedis>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LessonObstacle | undefined> {
  if (lesson.apps.some(({ file }) => isPython(file))) {
    const { program, problem } = await findPython(repository, environment, PYTHON_DEADLINE_MS);
    if (program === undefined) {
      return new LessonObstacle(
        `This lesson needs Python 3 with Flask, Flask-Session and redis: ${problem}.`,
        [`To play it live: ${pythonInstallLines(REQUIREMENTS).join(" && ")}`],
      );
    }
  }
  if (lesson.redis === "any") return undefined;
  try {
    await redis;
    return undefined;
  } catch (error) {
    // Anything else is told to whoever asks for the Redis.
    return error instanceof LessonObstacle ? error : undefined;
  }
}

/** What the front matter says, before the document is read with care. */
async function peekNeed(folder: string): Promise<Lesson["redis"]> {
  const text = await readFile(path.join(folder, "README.md"), "utf8").catch(() => "");
  const [front = ""] = /^---\r?\n[\s\S]*?\r?\n---/.exec(text) ?? [];
  const [, need] = /^redis: *["']?(server|sentinel)\b/m.exec(front) ?? [];
  return need === "server" || need === "sentinel" ? need : "any";
}

async function dispose(redis: Promise<StartedRedis>): Promise<void> {
  const started = await redis.catch(() => undefined);
  await started?.[Symbol.asyncDispose]();
}
