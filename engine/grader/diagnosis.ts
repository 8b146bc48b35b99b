import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const MOST = 2;

/** The sentences of the known wrong answers that fail exactly these checks; undefined when none do, or too many. */
export async function findDiagnosis(
  tests: string,
  failing: readonly number[],
): Promise<string | undefined> {
  if (failing.length === 0) return undefined;
  const folder = path.join(tests, "wrong");
  const names = await readdir(folder).catch((): string[] => []);
  const found = new Set<string>();
  for (const name of names) {
    const text = await readFile(path.join(folder, name, "wrong.json"), "utf8").catch(() => "{}");
    const known = JSON.parse(text) as { fails?: readonly number[]; diagnosis?: string };
    const isSame =
      known.fails?.length === failing.length &&
      known.fails.every((number) => failing.includes(number));
    if (isSame && known.diagnosis !== undefined) found.add(known.diagnosis);
  }
  return found.size > 0 && found.size <= MOST ? [...found].join(" Or: ") : undefined;
}
