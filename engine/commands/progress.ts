import { listExercises } from "../catalog/list-exercises.ts";
import { listLessons } from "../catalog/list-lessons.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { hashChecks } from "../progress/hash-checks.ts";
import type { Progress } from "../progress/progress.ts";
import { readProgress } from "../progress/read-progress.ts";
import { countChecks } from "../work/count-checks.ts";
import { gradedLast } from "../work/exercise-at-hand.ts";
import { openTerminal } from "../terminal/terminal.ts";
import {
  type ExerciseState,
  type LessonState,
  printNext,
  printProgress,
} from "../terminal/progress/print-progress.ts";

/**
 * `npm run progress [json]`: lessons and exercises, done and open, and what comes next.
 * @throws UserError for another word
 */
export async function runProgress(
  args: readonly string[],
  { saysNext = true } = {},
): Promise<number> {
  const unknown = args.find((word) => word !== "json");
  if (unknown !== undefined) {
    throw new UserError(`"${unknown}" is not understood: the only word is json.`, {
      hint: "npm run progress json",
    });
  }
  const [lessons, exercises, { progress, warning }] = await Promise.all([
    listLessons(repository),
    listExercises(repository),
    readProgress(repository),
  ]);
  const lessonStates = lessons.map(({ number, slug, title }): LessonState => {
    const mine = progress.lessons[slug];
    return { number, slug, title, isDone: mine?.done ?? false, lastStep: mine?.lastStep ?? 0 };
  });
  const exerciseStates = await Promise.all(
    exercises
      .filter(({ isReady }) => isReady)
      .map(async ({ slug, title }): Promise<ExerciseState> => {
        const mine = progress.exercises[slug];
        const hasPassed = mine?.passedAt !== undefined;
        const [checks, hash] = await Promise.all([
          countChecks(repository, slug),
          hashChecks(repository, slug),
        ]);
        return {
          slug,
          title,
          hasPassed,
          hasChanged: hasPassed && mine.checksHash !== undefined && mine.checksHash !== hash,
          points: mine?.points ?? 0,
          passed: mine?.checksPassed.length ?? 0,
          checks,
          hints: Object.values(mine?.hintsShown ?? {}).reduce((sum, count) => sum + count, 0),
          lastRun: mine?.lastRun,
        };
      }),
  );
  if (warning !== undefined) console.error(warning);
  const next = atWork(progress, exerciseStates) ?? whatNext(lessonStates, exerciseStates, lessons);
  if (args.includes("json")) {
    const all = { version: 1, lessons: lessonStates, exercises: exerciseStates, next };
    console.log(JSON.stringify(all, undefined, 2));
    return 0;
  }
  const terminal = openTerminal();
  terminal.writeLines(printProgress(lessonStates, exerciseStates, terminal, Date.now()));
  if (saysNext) terminal.writeLines(printNext(next));
  return 0;
}

/** Goes on with the exercise that was graded last, unless a lesson was played since, or it is done. */
function atWork(progress: Progress, exercises: readonly ExerciseState[]): string | undefined {
  const last = exercises.find(({ slug }) => slug === gradedLast(progress));
  if (last?.lastRun === undefined || !isOpen(last)) return undefined;
  const graded = Date.parse(last.lastRun);
  const isPlayedSince = Object.values(progress.lessons).some(({ at }) => Date.parse(at) > graded);
  return isPlayedSince ? undefined : `npm run watch ${last.slug}`;
}

/** The command to type next: the exercise of a lesson comes right after it. */
function whatNext(
  lessonStates: readonly LessonState[],
  exercises: readonly ExerciseState[],
  lessons: readonly { readonly slug: string; readonly exercise: string | undefined }[],
): string | undefined {
  for (const lesson of lessonStates) {
    if (!lesson.isDone) return `npm run lesson ${lesson.number}`;
    const slug = lessons.find((each) => each.slug === lesson.slug)?.exercise;
    const exercise = exercises.find((each) => each.slug === slug);
    if (exercise !== undefined && isOpen(exercise)) return `npm run watch ${exercise.slug}`;
  }
  const rest = exercises.find(isOpen);
  return rest === undefined ? undefined : `npm run watch ${rest.slug}`;
}

function isOpen({ hasPassed, hasChanged, passed, checks }: ExerciseState): boolean {
  return !hasPassed || hasChanged || passed < checks;
}
