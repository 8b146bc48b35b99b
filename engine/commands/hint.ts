import { readFile } from "node:fs/promises";
import path from "node:path";
import { type CheckHints, readHints } from "../catalog/content-rules/read-hints.ts";
import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import { findExercise } from "../catalog/find-exercise.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { gradeAndKeep } from "../grader/watch/grade-and-keep.ts";
import { readLastReport } from "../grader/watch/read-last-report.ts";
import type { Report } from "../grader/report.ts";
import { emptyExercise } from "../progress/progress.ts";
import { readProgress } from "../progress/read-progress.ts";
import { updateProgress } from "../progress/update-progress.ts";
import { exerciseAtHand } from "../work/exercise-at-hand.ts";
import { keepStarter } from "../work/keep-starter.ts";
import { printHints } from "../terminal/hints/print-hints.ts";
import { openTerminal } from "../terminal/terminal.ts";

/**
 * `npm run hint [exercise]`: one more hint for the first check that fails.
 * `npm run hint rate-limit 7`: for check 7. `npm run hint rate-limit list`: the hints read so far.
 * @throws UserError for an unknown exercise, word or check
 */
export async function runHint(args: readonly string[]): Promise<number> {
  const [target, ...words] = args;
  const exercise =
    target === undefined
      ? await exerciseAtHand("npm run hint")
      : await findExercise(target, { command: "npm run hint" });
  // Which one was chosen.
  if (target === undefined) console.log(`For ${exercise.slug}:\n`);
  await keepStarter(repository, exercise.slug);
  const hints = await loadHints(exercise);
  const word = words[0];
  if (word === "list") return await listRead(exercise, hints);
  if (word !== undefined)
    return await showNext(exercise, hints, chooseCheck(word, exercise, hints));

  const report = await findReport(exercise);
  if (report.verdict === "could-not-be-graded") {
    const { message, file, line } = report.failure ?? { message: "It did not start." };
    console.log(`Your program does not start, so no check could be tried yet:\n\n  ${message}`);
    if (file !== undefined) console.log(`  at ${path.relative(process.cwd(), file)}:${line ?? 1}`);
    console.log(`\nNext: mend that, then npm test exercises/${exercise.slug}`);
    return 0;
  }
  const failing = report.results.find(({ passed }) => !passed);
  if (failing === undefined) {
    console.log(`All ${report.results.length} checks pass: there is nothing left to hint at.`);
    console.log(`Next: npm run diff ${exercise.slug}`);
    return 0;
  }
  return await showNext(exercise, hints, failing.number);
}

/**
 * One more hint for a check of the exercise, in `npm run watch`, where a key and a save are what comes next.
 * @throws UserError when hints.md is gone
 */
export async function showHint(exercise: ExerciseEntry, number: number): Promise<void> {
  await showNext(exercise, await loadHints(exercise), number, true);
}

/** One more than was read before, with those before it. */
async function showNext(
  exercise: ExerciseEntry,
  hints: readonly CheckHints[],
  number: number,
  isWatched = false,
): Promise<number> {
  const own = hints.find((each) => each.number === number);
  if (own === undefined) {
    throw new UserError(`exercises/${exercise.slug}/hints.md has no hint for check ${number}.`, {
      hint: `npm test ${exercise.slug} only ${number}`,
    });
  }
  const key = String(number);
  let before = 0;
  const { warning } = await updateProgress(repository, ({ exercises }) => {
    const mine = (exercises[exercise.slug] ??= emptyExercise());
    before = Math.min(mine.hintsShown[key] ?? 0, own.texts.length);
    mine.hintsShown[key] = Math.min(before + 1, own.texts.length);
  });
  if (warning !== undefined) console.error(warning);
  const shown = Math.min(before + 1, own.texts.length);
  const terminal = openTerminal();
  terminal.writeLines([
    ...printHints(own, shown, before, terminal),
    ...(isWatched ? whatNextInWatch(own, shown) : whatNext(exercise.slug, own, shown, before)),
  ]);
  return 0;
}

function whatNext(slug: string, { number, texts }: CheckHints, shown: number, before: number) {
  if (shown < texts.length)
    return [`Next: try it. One more hint for ${number}: npm run hint ${slug} ${number}`];
  const all = before === texts.length ? ["These are all the hints there are."] : [];
  return [...all, `Next: npm test ${slug} only ${number}`];
}

function whatNextInWatch({ texts }: CheckHints, shown: number): string[] {
  const more = shown < texts.length ? "One more hint: h" : "These are all the hints there are.";
  return [`Next: try it, and save. ${more}`];
}

async function listRead(exercise: ExerciseEntry, hints: readonly CheckHints[]): Promise<number> {
  const { progress, warning } = await readProgress(repository);
  if (warning !== undefined) console.error(warning);
  const shown = progress.exercises[exercise.slug]?.hintsShown ?? {};
  const read = hints.filter(({ number }) => (shown[String(number)] ?? 0) > 0);
  const terminal = openTerminal();
  for (const each of read) {
    const count = Math.min(shown[String(each.number)] ?? 0, each.texts.length);
    terminal.writeLines(printHints(each, count, count, terminal));
  }
  terminal.writeLines([
    ...(read.length === 0 ? [`You have read no hint of ${exercise.slug} yet.`] : []),
    `Next: npm run hint ${exercise.slug}`,
  ]);
  return 0;
}

function chooseCheck(word: string, { slug }: ExerciseEntry, hints: readonly CheckHints[]): number {
  const number = Number(word);
  if (hints.some((each) => each.number === number)) return number;
  const last = hints.at(-1)?.number ?? 0;
  const what = Number.isInteger(number)
    ? `There is no check ${word}: they go from 1 to ${last}.`
    : `"${word}" is not understood: the words are list, or the number of a check.`;
  throw new UserError(what, { hint: `npm run hint ${slug}` });
}

async function loadHints({ slug, folder }: ExerciseEntry): Promise<readonly CheckHints[]> {
  try {
    return readHints(await readFile(path.join(folder, "hints.md"), "utf8"));
  } catch {
    throw new UserError(`exercises/${slug}/hints.md is not there any more.`, {
      hint: `git checkout -- exercises/${slug}/hints.md`,
    });
  }
}

/** From the last grading while it is still true, else by grading now. */
async function findReport({ slug, folder }: ExerciseEntry): Promise<Report> {
  const last = await readLastReport(repository, slug, folder);
  if (last !== undefined) return last;
  if (process.stderr.isTTY) process.stderr.write("Looking for the first check that fails …\r");
  const { report } = await gradeAndKeep({ repository, slug, folder });
  if (process.stderr.isTTY) process.stderr.write(`${" ".repeat(40)}\r`);
  return report;
}
