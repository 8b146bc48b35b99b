import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { ExerciseEntry } from "./exercise-entry.ts";
import { listLessons } from "./list-lessons.ts";
import { readFrontMatter } from "./read-front-matter.ts";
import { repository } from "./repository.ts";

/** All exercises, in the order in which the lessons name them; those that none names come last. */
export async function listExercises(root: string = repository): Promise<ExerciseEntry[]> {
  const folders = await readdir(path.join(root, "exercises"), { withFileTypes: true }).catch(
    () => [],
  );
  const [lessons, found] = await Promise.all([
    listLessons(root),
    Promise.all(
      folders.filter((entry) => entry.isDirectory()).map(({ name }) => readEntry(root, name)),
    ),
  ]);
  const rank = ({ slug }: ExerciseEntry) => {
    const at = lessons.findIndex(({ exercise }) => exercise === slug);
    return at === -1 ? lessons.length : at;
  };
  return found
    .filter((entry) => entry !== undefined)
    .toSorted((a, b) => rank(a) - rank(b) || (a.slug < b.slug ? -1 : 1));
}

async function readEntry(root: string, slug: string): Promise<ExerciseEntry | undefined> {
  const folder = path.join(root, "exercises", slug);
  const isReady = existsSync(path.join(root, "tests", "exercises", slug, "checks.ts"));
  const matter = await readFrontMatter(path.join(folder, "README.md"));
  // A learner may have deleted the README: the exercise is there all the same.
  if (matter === undefined && !isReady) return undefined;
  const { title, minutes, needs } = matter ?? {};
  return {
    kind: "exercise",
    slug,
    title: typeof title === "string" ? title : slug,
    folder,
    minutes: typeof minutes === "number" ? minutes : undefined,
    needs: typeof needs === "string" ? needs : undefined,
    isReady,
  };
}
