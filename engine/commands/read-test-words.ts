import { UserError } from "../errors.ts";

/** The bare words after `npm test`. */
export interface TestWords {
  /** A folder or a name; undefined: the workbook's own suite. */
  readonly target: string | undefined;
  readonly all: boolean;
  readonly json: boolean;
  /** Numbers of checks; undefined: all of them. */
  readonly only: readonly number[] | undefined;
  /** Of a report that was printed: the checks choose the same random values again. */
  readonly seed: number | undefined;
}

const KNOWN = "the words are all, json, only with numbers, and seed with that of a report";

/**
 * Reads them: a target, then `all`, `json`, `only 7 8` and `seed 1608269093` in any order.
 * @throws UserError for other words, `only` or `seed` without a number, or a word without a target
 */
export function readTestWords(args: readonly string[]): TestWords {
  const words = args.flatMap((word) => word.split(",")).filter((word) => word !== "");
  const target = isOption(words[0]) ? undefined : words.shift();
  const only: number[] = [];
  const given = new Set<string>();
  let seed: number | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!isOption(word)) {
      throw new UserError(`"${word}" is not understood: after the exercise ${KNOWN}.`, {
        hint: `npm test ${target ?? "rate-limit"} only 7`,
      });
    }
    given.add(word);
    if (word === "seed") seed = readSeed(words, target);
    if (word !== "only") continue;
    while (words[0] !== undefined && !isOption(words[0])) only.push(readNumber(words, target));
    if (only.length === 0) {
      throw new UserError('"only" needs the number of a behaviour after it.', {
        hint: `npm test ${target ?? "rate-limit"} only 7`,
      });
    }
  }
  if (target === undefined && given.size > 0) {
    const numbers: Readonly<Record<string, readonly number[]>> = { only, seed: [seed ?? 0] };
    const again = [...given].flatMap((word) => [word, ...(numbers[word] ?? [])]).join(" ");
    throw new UserError(`Which exercise? "${[...given].join(" ")}" stands alone.`, {
      hint: `npm test exercises/rate-limit ${again}`,
    });
  }
  return {
    target,
    all: given.has("all"),
    json: given.has("json"),
    only: given.has("only") ? only : undefined,
    seed,
  };
}

function isOption(word: string | undefined): boolean {
  return /^(?:all|json|only|seed)$/.test(word ?? "");
}

function readNumber(words: string[], target: string | undefined): number {
  const word = words.shift() ?? "";
  if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
  throw new UserError(`"${word}" is not the number of a behaviour.`, {
    hint: `npm test ${target ?? "rate-limit"} only 7`,
  });
}

function readSeed(words: string[], target: string | undefined): number {
  const word = words.shift() ?? "";
  if (/^\d{1,10}$/.test(word) && Number(word) < 2 ** 31) return Number(word);
  throw new UserError(
    word === ""
      ? '"seed" needs the number that a report has printed.'
      : `"${word}" is not the seed of a report: it is a number below 2147483648.`,
    { hint: `npm test ${target ?? "rate-limit"} seed 1608269093` },
  );
}
