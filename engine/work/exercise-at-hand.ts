import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import { listExercises } from "../catalog/list-exercises.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import type { Progress } from "../progress/progress.ts";
import { readProgress } from "../progress/read-progress.ts";
import { countChecks } from "./count-checks.ts";

/**
 * The exercise to go on with when none was named: the one that was graded last, if it failed then,
 * else the first that has not passed.
 * @throws UserError when all have, with the line that names one
 */
export async function exerciseAtHand(
  command: string,
  root: string = repository,
): Promise<ExerciseEntry> {
  const [all, { progress }] = await Promise.all([listExercises(root), readProgress(root)]);
  const ready = all.filter(({ isReady }) => isReady);
  const last = gradedLast(progress);
  const atWork = ready.find(({ slug }) => slug === last);
  const held = progress.exercises[last ?? ""]?.checksPassed.length ?? 0;
  if (atWork !== undefined && held < (await countChecks(root, atWork.slug))) return atWork;
  const open = ready.find(({ slug }) => progress.exercises[slug]?.passedAt === undefined);
  if (open !== undefined) return open;
  const [first] = ready;
  throw new UserError(
    first === undefined ? "There are no exercises here." : "Every exercise has passed: name one.",
    { hint: `${command} ${first?.slug ?? ""}`.trim() },
  );
}

/** The slug of the exercise whose whole was graded last. */
export function gradedLast({ exercises }: Progress): string | undefined {
  const graded = Object.entries(exercises).filter(([, { lastRun }]) => lastRun !== undefined);
  const byTime = graded.toSorted(([, one], [, other]) => timeOf(other) - timeOf(one));
  return byTime[0]?.[0];
}

function timeOf({ lastRun = "" }: Progress["exercises"][string]): number {
  return Date.parse(lastRun);
}
