import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../errors.ts";

/** What is to be graded. */
export interface TestedFolder {
  readonly slug: string;
  /** Absolute. */
  readonly folder: string;
  /** It is where the learner works: the verdict is kept. */
  readonly isOwn: boolean;
}

/**
 * Finds the folder that is meant by a name (`rate-limit`) or a path (`exercises/rate-limit/`,
 * `solutions\rate-limit`), typed at the top of the repository or below it.
 * @throws UserError when there is none, it is a file, or lies outside of the repository
 */
export async function findTested(repository: string, word: string): Promise<TestedFolder> {
  const slugs = listSlugs(repository);
  const slashed = word
    .trim()
    .replaceAll("\\", "/")
    .replace(/(?<=.)\/+$/, "");
  const own = (slug: string) => path.join(repository, "exercises", slug);
  if (slugs.includes(slashed)) return { slug: slashed, folder: own(slashed), isOwn: true };

  const typedIn = process.env["INIT_CWD"] ?? process.cwd();
  const folder = [repository, typedIn]
    .map((base) => path.resolve(base, slashed))
    .find((each) => existsSync(each));
  if (folder === undefined || (!slashed.includes("/") && !slashed.startsWith("."))) {
    return await byName(repository, word, slugs, own);
  }
  const parts = path.relative(repository, folder).split(path.sep);
  if (parts[0] === ".." || path.isAbsolute(path.relative(repository, folder))) {
    throw new UserError(
      `${word} lies outside of this workbook: what is graded is a folder in it.`,
      {
        hint: `npm test exercises/${slugs[0] ?? ""}`,
      },
    );
  }
  const slug = parts.findLast((part) => slugs.includes(part));
  if (!statSync(folder).isDirectory()) {
    const parent = path.relative(repository, path.dirname(folder)).replaceAll("\\", "/");
    throw new UserError(`${word} is a file: what is graded is its folder.`, {
      hint: slug === undefined ? `npm test exercises/${slugs[0] ?? ""}` : `npm test ${parent}`,
    });
  }
  if (slug === undefined) {
    throw new UserError(
      `${word} belongs to no exercise: the path has to name one of ${slugs.join(", ")}.`,
      {
        hint: `npm test exercises/${slugs[0] ?? ""}`,
      },
    );
  }
  return { slug, folder, isOwn: folder === own(slug) };
}

async function byName(
  repository: string,
  word: string,
  slugs: readonly string[],
  own: (slug: string) => string,
): Promise<TestedFolder> {
  // Loaded only when needed: it reads every lesson and exercise.
  const { findExercise } = await import("../catalog/find-exercise.ts");
  const { slug } = await findExercise(word, { root: repository });
  if (slugs.includes(slug)) return { slug, folder: own(slug), isOwn: true };
  throw new UserError(`${slug} has no checks yet.`, { hint: `npm test ${slugs[0] ?? ""}` });
}

/** The exercises that can be graded. */
export function listSlugs(repository: string): string[] {
  const tests = path.join(repository, "tests", "exercises");
  return readdirSync(tests)
    .filter((slug) => existsSync(path.join(tests, slug, "checks.ts")))
    .toSorted();
}
