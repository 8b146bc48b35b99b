import path from "node:path";
import { pathToFileURL } from "node:url";
import { builtFiles } from "../build/built-file.mjs";
import { UserError } from "../errors.ts";
import type { Check } from "./check.ts";
import type { Exercise } from "./exercise.ts";

/** Loads what an exercise is graded by, from `tests/exercises/<slug>`. */
export async function loadChecks(
  tests: string,
): Promise<{ exercise: Exercise; checks: readonly Check[] }> {
  const files = ["exercise.ts", "checks.ts"].map((name) => path.join(tests, name));
  const [definition = {}, list = {}] = await load(files, "checks");
  return {
    exercise: Reflect.get(definition, "exercise") as Exercise,
    checks: Reflect.get(list, "checks") as readonly Check[],
  };
}

/** Loads what an exercise says of itself, from `tests/exercises/<slug>`, without its checks. */
export async function loadExercise(tests: string): Promise<Exercise> {
  const [definition = {}] = await load([path.join(tests, "exercise.ts")], "exercise");
  return Reflect.get(definition, "exercise") as Exercise;
}

async function load(files: readonly string[], name: string): Promise<object[]> {
  const built = await builtFiles(files, name);
  // Without the bundle they need the loader, if it is not there already.
  if (built === undefined) await import(import.meta.resolve("tsx"));
  return await Promise.all(
    (built ?? files).map(async (file) => (await import(pathToFileURL(file).href)) as object),
  );
}

/**
 * Those with the given numbers, or all.
 * @throws UserError when there is none with such a number
 */
export function chooseChecks(
  slug: string,
  checks: readonly Check[],
  only: readonly number[] | undefined,
  hint = `npm test ${slug} only 1`,
): readonly Check[] {
  const unknown = only?.find((number) => !checks.some((one) => one.number === number));
  if (unknown !== undefined) {
    throw new UserError(
      `${slug} has no behaviour ${unknown}: they go from 1 to ${checks.length}.`,
      { hint },
    );
  }
  return only === undefined ? checks : checks.filter(({ number }) => only.includes(number));
}
