import path from "node:path";
import type { ContentViolation } from "../catalog/content-rules/content-violation.ts";
import { UserError } from "../errors.ts";
import type { Lesson } from "./lesson.ts";
import { isPython } from "./play/start-lesson-program.ts";
import { parseLessonFolder } from "./read-lesson.ts";
import { fingerprint, readRecording } from "./recording/recording.ts";

/** A lesson that some machines cannot play brings a recording, and it is one of the lesson as it is. */
async function checkRecording(
  folder: string,
  file: string,
  lesson: Lesson,
): Promise<ContentViolation[]> {
  const remedy = `npm run record ${Number(path.basename(folder).slice(0, 2)) || path.basename(folder)}`;
  const recording = await readRecording(folder);
  if (recording === undefined) {
    const plays =
      lesson.redis === "any" &&
      lesson.server.length === 0 &&
      !lesson.apps.some((app) => isPython(app.file));
    if (plays) return [];
    return [{ file, problem: "Some machines cannot play it, and there is no recording.", remedy }];
  }
  if (recording.fingerprint === (await fingerprint(folder))) return [];
  return [{ file, problem: "The recording is of other files than these.", remedy }];
}

/**
 * Everything that is wrong in the document of one lesson, without playing it.
 * @param folder relative to the repository or absolute
 */
export async function checkLesson(repository: string, folder: string): Promise<ContentViolation[]> {
  const absolute = path.resolve(repository, folder);
  const file = path
    .relative(repository, path.join(absolute, "README.md"))
    .split(path.sep)
    .join("/");
  try {
    const { lesson, mistakes } = await parseLessonFolder(absolute);
    return [
      ...mistakes.map(({ line, problem, remedy }) => ({ file, line, problem, remedy })),
      ...(lesson === undefined ? [] : await checkRecording(absolute, file, lesson)),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ file, problem: "There is no document.", remedy: "Write README.md." }];
  }
}
