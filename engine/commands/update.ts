import { existsSync } from "node:fs";
import { findExercise } from "../catalog/find-exercise.ts";
import { listExercises } from "../catalog/list-exercises.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { printDiff } from "../terminal/diff/print-diff.ts";
import { openTerminal } from "../terminal/terminal.ts";
import { compareFolders } from "../work/compare-folders.ts";
import { keepStarter, keptStarterFolder } from "../work/keep-starter.ts";
import { starterFolder } from "../work/starter-folder.ts";

/**
 * `npm run update rate-limit`: what has changed in the starter since the learner began. Shows it,
 * and touches nothing of the learner's. The word `done` says that it has been taken over.
 * @throws UserError for an unknown exercise or word
 */
export async function runUpdate(args: readonly string[]): Promise<number> {
  const [target, word, ...rest] = args;
  if (target === undefined) {
    const [first] = await listExercises();
    throw new UserError("Of which exercise may the starter have changed?", {
      hint: `npm run update ${first?.slug ?? ""}`,
    });
  }
  const { slug } = await findExercise(target, { command: "npm run update" });
  if ((word !== undefined && word !== "done") || rest.length > 0) {
    throw new UserError(
      `"${[word, ...rest].join(" ")}" is not understood: the only word is done.`,
      {
        hint: `npm run update ${slug}`,
      },
    );
  }
  const terminal = openTerminal();
  const kept = keptStarterFolder(repository, slug);
  if (!existsSync(kept)) {
    await keepStarter(repository, slug);
    const isKept = existsSync(kept);
    terminal.writeLines([
      isKept
        ? `Today's starter of ${slug} is remembered: from now on this tells what changes in it.`
        : `.workbook cannot be written, so it is not known which starter you began with.`,
    ]);
    return isKept ? 0 : 2;
  }
  if (word === "done") {
    await keepStarter(repository, slug, { again: true });
    terminal.writeLines([`Taken over: today's starter of ${slug} is the one to compare with now.`]);
    return 0;
  }
  const files = await compareFolders(kept, starterFolder(repository, slug));
  if (files.length === 0) {
    terminal.writeLines([`The starter of ${slug} is still the one that you began with.`]);
    return 0;
  }
  const names = { left: "the starter you began with", right: "the starter today" };
  terminal.writeLines([
    ...printDiff(files, names, terminal),
    `Your work in exercises/${slug} has not been touched: take over by hand what you want.`,
    `Next, when you have: npm run update ${slug} done`,
  ]);
  return 0;
}
