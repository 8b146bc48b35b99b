import path from "node:path";
import type { ContentViolation } from "../catalog/content-rules/content-violation.ts";
import { UserError } from "../errors.ts";
import { parseLessonFolder } from "./read-lesson.ts";

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
    const { mistakes } = await parseLessonFolder(absolute);
    return mistakes.map(({ line, problem, remedy }) => ({ file, line, problem, remedy }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ file, problem: "There is no document.", remedy: "Write README.md." }];
  }
}
