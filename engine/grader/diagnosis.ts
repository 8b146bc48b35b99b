import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { CheckResult, SentRequest } from "./report.ts";

const MOST = 2;

interface Known {
  readonly fails?: readonly number[];
  readonly says?: string;
  readonly diagnosis?: string;
}

/**
 * The sentences of the known wrong answers that fail exactly these checks; of several, those
 * whose failures say what theirs do. None when there are too many.
 */
export async function findDiagnoses(
  tests: string,
  failing: readonly Pick<CheckResult, "number" | "failure">[],
): Promise<string[]> {
  if (failing.length === 0) return [];
  const folder = path.join(tests, "wrong");
  const names = await readdir(folder).catch((): string[] => []);
  const known = await Promise.all(
    names.toSorted().map(async (name) => {
      const text = await readFile(path.join(folder, name, "wrong.json"), "utf8").catch(() => "{}");
      return JSON.parse(text) as Known;
    }),
  );
  const same = known.filter(
    ({ fails = [] }) =>
      fails.length === failing.length && failing.every(({ number }) => fails.includes(number)),
  );
  const texts = failing.flatMap(({ failure }) =>
    failure === undefined ? [] : [failure.why, failure.came, ...failure.sent.map(answerOf)],
  );
  const isSaid = (says: string) => texts.some((text) => text?.includes(says));
  const said = same.filter(({ says }) => says !== undefined && isSaid(says));
  const others = same.filter(({ says }) => says === undefined);
  const likely = said.length > 0 ? said : others;
  const found = new Set(likely.flatMap(({ diagnosis }) => diagnosis ?? []));
  return found.size <= MOST ? [...found] : [];
}

function answerOf({ answer }: SentRequest): string {
  return answer;
}
