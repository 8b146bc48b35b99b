import { closest, distance } from "fastest-levenshtein";
import { UserError } from "../errors.ts";
import type { LessonEntry } from "./lesson-entry.ts";
import { listExercises } from "./list-exercises.ts";
import { listLessons } from "./list-lessons.ts";
import { normaliseWord } from "./normalise-word.ts";
import { repository } from "./repository.ts";

/**
 * The lesson that is meant by `3`, `03`, `microservices`, `03-microservices`, or a path to it.
 * @throws UserError when there is none, with the lessons that there are
 */
export async function findLesson(word: string, root: string = repository): Promise<LessonEntry> {
  const lessons = await listLessons(root);
  const name = normaliseWord(word, "lessons", root);
  const isNumber = /^\d+$/.test(name);
  const found = lessons.find((lesson) =>
    isNumber ? lesson.number === Number(name) : [lesson.slug, lesson.name].includes(name),
  );
  if (found !== undefined) return found;

  const exercises = await listExercises(root);
  const exercise = normaliseWord(word, "exercises", root);
  if (exercises.some(({ slug }) => slug === exercise)) {
    throw new UserError(`"${word}" is an exercise, not a lesson.`, {
      hint: `npm test exercises/${exercise}`,
    });
  }
  const list = `The lessons are: ${lessons.map((each) => `${each.number} ${each.name}`).join(", ")}.`;
  const near = isNumber ? undefined : nearest(name, lessons);
  const guess = near === undefined ? "" : ` Did you mean ${near.number}, ${near.name}?`;
  throw new UserError(`There is no lesson "${word}".${guess}\n${list}`, {
    hint: near === undefined ? "npm run lesson" : `npm run lesson ${near.number}`,
  });
}

function nearest(name: string, lessons: readonly LessonEntry[]): LessonEntry | undefined {
  if (lessons.length === 0 || name === "") return undefined;
  const near = closest(
    name,
    lessons.flatMap((lesson) => [lesson.name, lesson.slug]),
  );
  if (distance(name, near) > Math.max(2, near.length / 2)) return undefined;
  return lessons.find((lesson) => [lesson.slug, lesson.name].includes(near));
}
