import path from "node:path";
import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import { findExercise } from "../catalog/find-exercise.ts";
import { listExercises } from "../catalog/list-exercises.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { openTerminal } from "../terminal/terminal.ts";
import { copyWork, isStarter, listCopies, replaceWork } from "../work/copies.ts";
import { fingerprintFolder } from "../work/fingerprint-folder.ts";
import { keepStarter } from "../work/keep-starter.ts";
import { starterFolder } from "../work/starter-folder.ts";

/**
 * `npm run reset rate-limit` puts the starter back and keeps a copy of the work;
 * `… list` shows the copies; `… restore [name]` brings one back, the newest without a name.
 * @throws UserError for an unknown exercise, word or copy, and when the disk refuses
 */
export async function runReset(args: readonly string[]): Promise<number> {
  const [target, word, name, ...rest] = args;
  if (target === undefined) {
    const [first] = await listExercises();
    throw new UserError("Which exercise is to be put back to its starter?", {
      hint: `npm run reset ${first?.slug ?? ""}`,
    });
  }
  const exercise = await findExercise(target, { command: "npm run reset" });
  const isKnown = word === undefined || word === "list" || word === "restore";
  if (!isKnown || rest.length > 0 || (name !== undefined && word !== "restore")) {
    const given = [word, name, ...rest].filter((each) => each !== undefined).join(" ");
    throw new UserError(`"${given}" is not understood: the words are list and restore.`, {
      hint: `npm run reset ${exercise.slug} list`,
    });
  }
  if (word === "list") return await list(exercise);
  if (word === "restore") return await restore(exercise, name);
  return await reset(exercise);
}

async function reset({ slug, folder }: ExerciseEntry): Promise<number> {
  const terminal = openTerminal();
  if (await isStarter(repository, slug, folder)) {
    terminal.writeLines([
      `exercises/${slug} is the starter already: nothing was changed.`,
      `Next: npm run watch ${slug}`,
    ]);
    return 0;
  }
  const copy = await copyWork(repository, slug, folder);
  await replaceWork(folder, starterFolder(repository, slug), slug);
  await keepStarter(repository, slug, { again: true });
  terminal.writeLines([
    ...(copy === undefined ? [] : [`Your work is kept in ${shown(copy.folder)}.`]),
    `exercises/${slug} is the starter again.`,
    ...(copy === undefined ? [] : [`To have your work back: npm run reset ${slug} restore`]),
    `Next: npm run watch ${slug}`,
  ]);
  return 0;
}

async function restore({ slug, folder }: ExerciseEntry, name: string | undefined): Promise<number> {
  const copies = await listCopies(repository, slug);
  const wanted = name?.replaceAll("\\", "/").replace(/\/+$/, "").split("/").at(-1);
  const copy = wanted === undefined ? copies.at(-1) : copies.find((each) => each.name === wanted);
  if (copy === undefined) {
    const what =
      copies.length === 0
        ? `There is no copy of ${slug}: it was never reset.`
        : `There is no copy "${name}". The newest is ${copies.at(-1)?.name}.`;
    throw new UserError(what, { hint: `npm run reset ${slug} list` });
  }
  const terminal = openTerminal();
  if ((await fingerprintFolder(folder)) === (await fingerprintFolder(copy.folder))) {
    terminal.writeLines([`exercises/${slug} is the same as ${copy.name}: nothing was changed.`]);
    return 0;
  }
  // The starter is no work that one would miss.
  const isWorthKeeping = !(await isStarter(repository, slug, folder));
  const before = isWorthKeeping ? await copyWork(repository, slug, folder) : undefined;
  await replaceWork(folder, copy.folder, slug);
  terminal.writeLines([
    ...(before === undefined ? [] : [`What was there is kept in ${shown(before.folder)}.`]),
    `exercises/${slug} is your work of ${copy.name} again.`,
    `Next: npm test exercises/${slug}`,
  ]);
  return 0;
}

async function list({ slug }: ExerciseEntry): Promise<number> {
  const copies = await listCopies(repository, slug);
  const terminal = openTerminal();
  if (copies.length === 0) {
    terminal.writeLines([
      `There is no copy of ${slug} yet. Each reset makes one.`,
      `Next: npm run watch ${slug}`,
    ]);
    return 0;
  }
  terminal.writeLines([
    ...copies.map(({ name, files }) => `${name}  ${files.join(", ")}`),
    "",
    `They are in ${shown(path.dirname(copies[0]?.folder ?? ""))}.`,
    `Next: npm run reset ${slug} restore ${copies.at(-1)?.name}`,
  ]);
  return 0;
}

function shown(folder: string): string {
  return path.relative(repository, folder).replaceAll("\\", "/");
}
