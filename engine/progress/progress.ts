import * as v from "valibot";

const time = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What was done of one lesson. */
const lessonProgress = v.object({
  /** Played to its end at least once. */
  done: v.boolean(),
  /** The step at which the last play stood, counted from 1. */
  lastStep: count,
  /** When that was. */
  at: time,
});

/** What was done of one exercise. */
const exerciseProgress = v.object({
  /** When it passed for the first time with these checks. */
  passedAt: v.optional(time),
  points: v.pipe(v.number(), v.minValue(0)),
  /** Numbers of the checks that passed in the last whole run. */
  checksPassed: v.array(count),
  /** How many hints of each check were read, by its number. */
  hintsShown: v.record(v.string(), count),
  /** Of the checks and the README when it passed: see hashChecks. */
  checksHash: v.optional(v.string()),
  lastRun: v.optional(time),
});

export const progressSchema = v.object({
  version: v.literal(1),
  lessons: v.record(v.string(), lessonProgress),
  exercises: v.record(v.string(), exerciseProgress),
});

export type LessonProgress = v.InferOutput<typeof lessonProgress>;
export type ExerciseProgress = v.InferOutput<typeof exerciseProgress>;
/** The learner's progress, as plain data; `.workbook/progress.json` holds it. Keys are slugs. */
export type Progress = v.InferOutput<typeof progressSchema>;

/** Nothing done yet. */
export function emptyProgress(): Progress {
  return { version: 1, lessons: {}, exercises: {} };
}

/** An exercise that nobody has begun. */
export function emptyExercise(): ExerciseProgress {
  return { points: 0, checksPassed: [], hintsShown: {} };
}
