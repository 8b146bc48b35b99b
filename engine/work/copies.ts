import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../errors.ts";
import { fingerprintFolder, listWork } from "./fingerprint-folder.ts";
import { starterFolder } from "./starter-folder.ts";

/** A copy of the learner's work. Its name is the date and time at which it was made. */
export interface WorkCopy {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Relative to it. */
  readonly files: readonly string[];
}

function copiesFolder(repository: string, slug: string): string {
  return path.join(repository, ".workbook", "copies", slug);
}

/** The copies of an exercise, the oldest first. */
export async function listCopies(repository: string, slug: string): Promise<WorkCopy[]> {
  const room = copiesFolder(repository, slug);
  const entries = await readdir(room, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.endsWith(".part"))
    .map(({ name }) => name)
    // In one second the tenth comes after the second.
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return await Promise.all(
    names.map(async (name) => {
      const folder = path.join(room, name);
      return { name, folder, files: await listWork(folder) };
    }),
  );
}

/**
 * Copies all of the learner's files to a folder of their own. Undefined: there are none.
 * @throws UserError when the disk refuses; nothing has been touched then
 */
export async function copyWork(
  repository: string,
  slug: string,
  folder: string,
): Promise<WorkCopy | undefined> {
  const files = await listWork(folder);
  if (files.length === 0) return undefined;
  const room = copiesFolder(repository, slug);
  const second = timeName(new Date());
  const part = path.join(room, `${second}.${process.pid}.part`);
  try {
    await mkdir(room, { recursive: true });
    for (const file of files) {
      await cp(path.join(folder, file), path.join(part, file), { preserveTimestamps: true });
    }
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? second : `${second}-${count}`;
      const target = path.join(room, name);
      if (existsSync(target)) continue;
      await rename(part, target);
      return { name, folder: target, files };
    }
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => {});
    throw cannot(
      `Your work could not be copied to ${path.relative(repository, room)}`,
      slug,
      error,
    );
  }
}

/**
 * Makes the learner's folder hold exactly the files of `source`. Texts of the exercise stay.
 * @throws UserError when the disk refuses
 */
export async function replaceWork(folder: string, source: string, slug: string): Promise<void> {
  try {
    const wanted = await listWork(source);
    // First what comes, then what goes: a failure in the middle loses nothing.
    for (const file of wanted) await cp(path.join(source, file), path.join(folder, file));
    for (const file of await listWork(folder)) {
      if (!wanted.includes(file)) await rm(path.join(folder, file), { force: true });
    }
    await removeEmptyFolders(folder, false);
  } catch (error) {
    throw cannot(`exercises/${slug} could not be written`, slug, error);
  }
}

/** Whether the learner's files equal the starter. */
export async function isStarter(
  repository: string,
  slug: string,
  folder: string,
): Promise<boolean> {
  const [mine, pristine] = await Promise.all([
    fingerprintFolder(folder),
    fingerprintFolder(starterFolder(repository, slug)),
  ]);
  return mine === pristine;
}

async function removeEmptyFolders(folder: string, itself: boolean): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    const isOurs = entry.isDirectory() && entry.name !== "node_modules" && entry.name !== ".git";
    if (isOurs) await removeEmptyFolders(path.join(folder, entry.name), true);
  }
  if (itself && (await readdir(folder)).length === 0) await rm(folder, { recursive: true });
}

/** Of local time, as it is to be found again: `2026-11-25-08.15.30`. */
function timeName(date: Date): string {
  const day = join([date.getFullYear(), date.getMonth() + 1, date.getDate()], "-");
  return `${day}-${join([date.getHours(), date.getMinutes(), date.getSeconds()], ".")}`;
}

function join(numbers: readonly number[], by: string): string {
  return numbers.map((number) => String(number).padStart(2, "0")).join(by);
}

function cannot(what: string, slug: string, error: unknown): UserError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const why =
    { ENOSPC: "the disk is full", EACCES: "it is read-only", EROFS: "it is read-only" }[code] ??
    code;
  return new UserError(`${what}: ${why}. Your work has not been touched.`, {
    hint: `make room or allow writing, then npm run reset ${slug}`,
    cause: error,
  });
}
