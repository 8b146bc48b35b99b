import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import { findExercise } from "../catalog/find-exercise.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { interrupt } from "../process/interrupt.ts";
import { readProgress } from "../progress/read-progress.ts";
import { printDiff } from "../terminal/diff/print-diff.ts";
import { openTerminal, type Terminal } from "../terminal/terminal.ts";
import { compareFolders } from "../work/compare-folders.ts";
import { exerciseAtHand } from "../work/exercise-at-hand.ts";

/**
 * `npm run diff rate-limit`: the learner's code beside the solution. Before the exercise has
 * passed it asks; the word `yes` answers ahead.
 * @throws UserError for an unknown exercise or word, and without a solution
 */
export async function runDiff(args: readonly string[]): Promise<number> {
  const words = args.filter((word) => word !== "yes");
  const [target, ...rest] = words;
  const entry =
    target === undefined
      ? await exerciseAtHand("npm run diff")
      : await findExercise(target, { command: "npm run diff" });
  const { slug, folder } = entry;
  if (rest.length > 0) {
    throw new UserError(`"${rest.join(" ")}" is not understood: the only word is yes.`, {
      hint: `npm run diff ${slug} yes`,
    });
  }
  const solution = path.join(repository, "solutions", slug);
  if (!existsSync(solution)) {
    throw new UserError(`There is no solutions/${slug} here to compare with.`, {
      hint: `git checkout -- solutions/${slug}`,
    });
  }
  const terminal = openTerminal();
  const isYes = words.length < args.length;
  if (!isYes && !(await hasPassed(entry)) && !(await ask(entry, terminal))) return 1;

  const files = await compareFolders(folder, solution);
  if (files.length === 0) {
    terminal.writeLines([`Your code is the solution, line by line.`]);
    return 0;
  }
  const names = { left: `exercises/${slug} (yours)`, right: `solutions/${slug}` };
  terminal.writeLines([
    ...printDiff(files, names, terminal),
    `Why it is made like that: solutions/${slug}/README.md`,
  ]);
  return 0;
}

async function hasPassed({ slug }: ExerciseEntry): Promise<boolean> {
  const { progress } = await readProgress(repository);
  return progress.exercises[slug]?.passedAt !== undefined;
}

/** Whether the learner wants to see the solution before time. Without a terminal nobody can be asked. */
async function ask({ slug }: ExerciseEntry, terminal: Terminal): Promise<boolean> {
  if (!terminal.isInteractive) {
    throw new UserError(`${slug} has not passed yet, and this shows the whole solution.`, {
      hint: `npm run hint ${slug}, or npm run diff ${slug} yes`,
    });
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const question = `${slug} has not passed yet. Show the whole solution beside your code? (y/N) `;
    const closed = new Promise<string>((resolve) => {
      lines.once("close", () => resolve(""));
    });
    lines.once("SIGINT", interrupt);
    const answer = await Promise.race([lines.question(question), closed]);
    if (/^y(es)?$/i.test(answer.trim())) return true;
    terminal.writeLines([`Next: npm run hint ${slug}`]);
    return false;
  } finally {
    lines.close();
  }
}
