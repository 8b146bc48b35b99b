import { closest, distance } from "fastest-levenshtein";
import { UserError } from "../errors.ts";
import type { ExerciseEntry } from "./exercise-entry.ts";
import { listExercises } from "./list-exercises.ts";
import { listLessons } from "./list-lessons.ts";
import { normaliseWord } from "./normalise-word.ts";
import { repository } from "./repository.ts";

/**
 * The exercise that is meant by `rate-limit`, `exercises/rate-limit/`, or a path to it.
 * @throws UserError when there is none, with the exercises that there are
 */
export async function findExercise(
  word: string,
  {
    root = repository,
    command = "npm test",
  }: {
    root?: string;
    /** What the name is typed after; for the hint. */
    command?: string;
  } = {},
): Promise<ExerciseEntry> {
  const exercises = await listExercises(root);
  const name = normaliseWord(word, "exercises", root);
  const found = exercises.find(({ slug }) => slug === name);
  if (found !== undefined) return found;

  const lessonName = normaliseWord(word, "lessons", root);
  const lesson = (await listLessons(root)).find((each) =>
    [each.slug, each.name, String(each.number)].includes(lessonName.replace(/^0+(?=\d+$)/, "")),
  );
  if (lesson !== undefined) {
    throw new UserError(`"${word}" is a lesson, not an exercise.`, {
      hint: `npm run lesson ${lesson.number}`,
    });
  }
  const slugs = exercises.map(({ slug }) => slug);
  const near = name === "" ? undefined : nearest(name, slugs);
  const guess = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new UserError(
    `There is no exercise "${word}".${guess}\nThe exercises are: ${slugs.join(", ")}.`,
    { hint: `${command} ${near ?? slugs[0] ?? ""}`.trim() },
  );
}

/** The one that begins so, or has the word in it, or else is a few letters away. */
function nearest(word: string, slugs: readonly string[]): string | undefined {
  // Of a path, which may begin with a slip.
  const part = word.toLowerCase().split("/").at(-1) ?? "";
  const within =
    slugs.find((slug) => slug.startsWith(part)) ??
    slugs.find((slug) => part.length > 2 && slug.includes(part));
  if (within !== undefined || slugs.length === 0) return within;
  const near = closest(word, slugs);
  return distance(word, near) <= Math.max(2, near.length / 2) ? near : undefined;
}
