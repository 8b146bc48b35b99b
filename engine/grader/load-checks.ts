import path from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../errors.ts";
import type { Check } from "./check.ts";
import type { Exercise } from "./exercise.ts";

/** Loads what an exercise is graded by, from `tests/exercises/<slug>`. */
export async function loadChecks(
  tests: string,
): Promise<{ exercise: Exercise; checks: readonly Check[] }> {
  const load = async (name: string): Promise<object> =>
    (await import(pathToFileURL(path.join(tests, name)).href)) as object;
  const [definition, list] = await Promise.all([load("exercise.ts"), load("checks.ts")]);
  return {
    exercise: Reflect.get(definition, "exercise") as Exercise,
    checks: Reflect.get(list, "checks") as readonly Check[],
  };
}

/**
 * Those with the given numbers, or all.
 * @throws UserError when there is none with such a number
 */
export function chooseChecks(
  slug: string,
  checks: readonly Check[],
  only: readonly number[] | undefined,
): readonly Check[] {
  const unknown = only?.find((number) => !checks.some((one) => one.number === number));
  if (unknown !== undefined) {
    throw new UserError(
      `${slug} has no behaviour ${unknown}: they go from 1 to ${checks.length}.`,
      { hint: `npm test ${slug} only 1` },
    );
  }
  return only === undefined ? checks : checks.filter(({ number }) => only.includes(number));
}
