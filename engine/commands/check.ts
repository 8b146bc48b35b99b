import { findExercise } from "../catalog/find-exercise.ts";
import { findLesson } from "../catalog/find-lesson.ts";
import { listExercises } from "../catalog/list-exercises.ts";
import { listLessons } from "../catalog/list-lessons.ts";
import { repository } from "../catalog/repository.ts";
import type { ContentViolation } from "../catalog/content-rules/content-violation.ts";
import { checkContent, type ContentEvent } from "../check/check-content.ts";
import { UserError } from "../errors.ts";

/**
 * `npm run check [name …] [every 8] [afresh]`: holds the content, or the named lessons and exercises,
 * against all its rules. What `gradings.json` records of an unchanged answer is not graded again, unless
 * `afresh` says so; `every 8` takes one answer in eight. Answers the exit code: 1 when a rule does not hold.
 * @throws UserError for an unknown name
 */
export async function runCheck(args: readonly string[]): Promise<number> {
  const { names, every, afresh } = readWords(args);
  const named = await Promise.all(names.map(findEither));
  const isPart = named.length > 0;
  const all = isPart ? named : [...(await listLessons()), ...(await listExercises())];
  let count = 0;
  await checkContent({
    repository,
    isPart,
    every,
    afresh,
    lessons: all.filter((entry) => entry.kind === "lesson"),
    exercises: all.filter((entry) => entry.kind === "exercise"),
    onEvent: (event) => {
      print(event);
      if (event.type === "end") count += event.violations.length;
    },
  });
  if (count === 0) {
    console.log("\nAll content rules hold.");
    return 0;
  }
  console.log(`\n${count} ${count === 1 ? "rule does" : "rules do"} not hold.`);
  return 1;
}

function readWords(args: readonly string[]) {
  const names = args.filter((word) => word !== "afresh");
  const afresh = names.length < args.length;
  const at = names.indexOf("every");
  if (at === -1) return { names, afresh, every: undefined };
  const [, word = ""] = names.splice(at, 2);
  if (!/^[1-9]\d*$/.test(word)) {
    throw new UserError(`"every" needs a number: one answer in so many; "${word}" is none.`, {
      hint: "npm run check every 8",
    });
  }
  return { names, afresh, every: Number(word) };
}

async function findEither(word: string) {
  try {
    return await findExercise(word, { command: "npm run check" });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // What the exercise's error says is right for a word that is no lesson either.
    const lesson = await findLesson(word).catch(() => undefined);
    if (lesson === undefined) throw error;
    return lesson;
  }
}

function print(event: ContentEvent): void {
  const isTerminal = process.stderr.isTTY;
  switch (event.type) {
    case "begin":
      if (isTerminal) process.stderr.write(`\r\u001B[K${event.name} `);
      return;
    case "progress":
      if (isTerminal) process.stderr.write(`\r\u001B[K${event.name} ${event.done}/${event.all} `);
      return;
    case "end": {
      if (isTerminal) process.stderr.write("\r\u001B[K");
      const seconds = (event.durationMs / 1000).toFixed(1);
      const mark = event.violations.length === 0 ? "✓" : "✗";
      console.log(`${mark} ${event.name}: ${event.what} (${seconds} s)`);
      for (const violation of event.violations) console.log(inWords(violation));
      return;
    }
    default:
      event satisfies never;
  }
}

function inWords({ file, line, problem, remedy }: ContentViolation): string {
  const where = line === undefined ? file : `${file}:${line}`;
  return `  ${where}  ${problem}\n    → ${remedy}`;
}
