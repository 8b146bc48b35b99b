import { closest } from "fastest-levenshtein";
import { UserError } from "../errors.ts";

/** The bare words after `npm run bench`. */
export interface BenchWords<Name extends string> {
  /** What is to be measured, in the order of `names`. */
  readonly chosen: readonly Name[];
  /** How often. */
  readonly runs: number;
  /** The table of README.md is to be written anew. */
  readonly write: boolean;
}

/** Medians of fewer are kept and written nowhere. */
export const LEAST_RUNS = 7;
const MOST_RUNS = 1000;

/**
 * Reads them, in any order: names of measurements (none: all), a number of runs, and `write`.
 * @throws UserError for other words, two numbers, or `write` with too few runs
 */
export function readBenchWords<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): BenchWords<Name> {
  const known: readonly string[] = [...names, "write"];
  const words = args.map((word) => word.toLowerCase());
  const numbers = words.filter((word) => /^-?\d/.test(word));
  const unknown = words.find((word) => !known.includes(word) && !numbers.includes(word));
  if (unknown !== undefined) {
    throw new UserError(
      `"${unknown}" is not understood: the words are ${known.join(", ")}, and a number of runs.`,
      { hint: `npm run bench ${closest(unknown, known)}` },
    );
  }
  const [number = String(LEAST_RUNS), second] = numbers;
  if (second !== undefined) {
    throw new UserError(`One number of runs is enough: these are ${numbers.join(" and ")}.`, {
      hint: `npm run bench ${number}`,
    });
  }
  const runs = Number(number);
  if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS) {
    throw new UserError(
      `The number of runs is a whole one from 1 to ${MOST_RUNS}; this is "${number}".`,
      { hint: `npm run bench ${LEAST_RUNS}` },
    );
  }
  const write = words.includes("write");
  if (write && runs < LEAST_RUNS) {
    throw new UserError(
      `What is written is a median of ${LEAST_RUNS} runs at least; this is ${runs}.`,
      { hint: "npm run bench write" },
    );
  }
  const chosen = names.filter((name) => words.includes(name));
  return { chosen: chosen.length === 0 ? names : chosen, runs, write };
}
