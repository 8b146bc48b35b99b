import { existsSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../errors.ts";
import type { Lesson } from "./lesson.ts";
import { LessonMistakes } from "./parse/lesson-mistakes.ts";
import { type ParsedLesson, parseLesson } from "./parse/parse-lesson.ts";

/**
 * Reads the lesson in a folder, ready to be played. Where the learner has changed a program, what is
 * shown is what is in the file.
 * @throws LessonMistakes with everything that is wrong in the document
 * @throws UserError when there is no document
 */
export async function readLesson(folder: string): Promise<Lesson> {
  const { lesson, mistakes } = await parseLessonFolder(folder);
  const serious = mistakes.filter(({ isDrift }) => isDrift !== true);
  if (lesson === undefined || serious.length > 0) {
    throw new LessonMistakes(nameOf(folder), serious);
  }
  return lesson;
}

/** Reads it and answers every mistake, those for authors too. @throws UserError when there is no document */
export async function parseLessonFolder(folder: string): Promise<ParsedLesson> {
  const file = path.join(folder, "README.md");
  if (!existsSync(file)) {
    throw new UserError(`There is no lesson in ${folder}: it has no README.md.`, {
      hint: "npm run lesson",
    });
  }
  return parseLesson(await readFile(file, "utf8"), (name) => {
    const inner = path.resolve(folder, name);
    const isInside = inner.startsWith(path.resolve(folder) + path.sep);
    return isInside && statSync(inner, { throwIfNoEntry: false })?.isFile() === true
      ? readFileSync(inner, "utf8")
      : undefined;
  });
}

/** `lessons/01-basic-store/README.md`, as one would type it. */
function nameOf(folder: string): string {
  const relative = path.relative(process.cwd(), path.join(folder, "README.md"));
  return relative.startsWith("..")
    ? path.join(folder, "README.md")
    : relative.split(path.sep).join("/");
}
