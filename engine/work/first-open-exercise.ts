import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import { listExercises } from "../catalog/list-exercises.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { readProgress } from "../progress/read-progress.ts";

/**
 * The exercise to go on with when none was named: the first that has not passed.
 * @throws UserError when all have, with the line that names one
 */
export async function firstOpenExercise(
  command: string,
  root: string = repository,
): Promise<ExerciseEntry> {
  const [all, { progress }] = await Promise.all([listExercises(root), readProgress(root)]);
  const ready = all.filter(({ isReady }) => isReady);
  const open = ready.find(({ slug }) => progress.exercises[slug]?.passedAt === undefined);
  if (open !== undefined) return open;
  const [first] = ready;
  throw new UserError(
    first === undefined ? "There are no exercises here." : "Every exercise has passed: name one.",
    { hint: `${command} ${first?.slug ?? ""}`.trim() },
  );
}
