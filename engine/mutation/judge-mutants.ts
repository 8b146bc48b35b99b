import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeMutants } from "./make-mutants.ts";
import { applyMutant, type Mutant } from "./mutant.ts";

/** Grades one folder; resolves with the number of a check that fails, or undefined when all pass. */
export type FirstFailure = (folder: string) => Promise<number | undefined>;

export interface JudgedMutant {
  readonly mutant: Mutant;
  /** The check that noticed; undefined: it survived. */
  readonly killedBy: number | undefined;
  /** Why nobody can notice it, where that has been written down. */
  readonly equivalent: string | undefined;
}

/** An entry of `tests/exercises/<slug>/equivalent-mutants.json`. */
interface EquivalentMutant {
  readonly file: string;
  /** The source line, trimmed. */
  readonly source: string;
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

/**
 * Plants each mutant into a copy of the solution and has it graded. `parallel` are graded at once.
 * Lines that the starter has too are the exercise's and not the answer's: they are left alone.
 * `every`: only each n-th mutant, for a sample.
 */
export async function judgeMutants(options: {
  repository: string;
  slug: string;
  parallel: number;
  every: number;
  grade: FirstFailure;
  onJudged?: (judged: JudgedMutant, done: number, all: number) => void;
}): Promise<JudgedMutant[]> {
  const { repository, slug } = options;
  const solution = path.join(repository, "solutions", slug);
  const texts = await readPrograms(solution);
  const given = await readPrograms(path.join(repository, "tests", "exercises", slug, "starter"));
  const isGiven = ({ file, source }: Mutant) =>
    (given.get(file) ?? "").split("\n").some((line) => line.trim() === source);
  const mutants = [...texts]
    .flatMap(([file, text]) => makeMutants(file, text))
    .filter((mutant) => !isGiven(mutant))
    .filter((_, index) => index % options.every === 0);
  const known = await readEquivalents(repository, slug);
  await mkdir(path.join(repository, ".workbook"), { recursive: true });
  const root = await mkdtemp(path.join(repository, ".workbook", "mutants-"));
  const judged: JudgedMutant[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < mutants.length; index = next++) {
      const mutant = mutants[index];
      if (mutant === undefined) return;
      const folder = path.join(root, String(index), slug);
      await cp(solution, folder, { recursive: true });
      const text = texts.get(mutant.file) ?? "";
      await writeFile(path.join(folder, mutant.file), applyMutant(text, mutant));
      const killedBy = await options.grade(folder);
      await rm(path.join(root, String(index)), { recursive: true, force: true });
      const entry = { mutant, killedBy, equivalent: reasonFor(known, mutant) };
      judged.push(entry);
      options.onJudged?.(entry, judged.length, mutants.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.parallel }, work));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return judged;
}

async function readPrograms(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const texts = new Map<string, string>();
  for (const name of names.toSorted()) {
    if (!/\.(?:ts|mts|js|mjs)$/.test(name)) continue;
    const text = await readFile(path.join(folder, name), "utf8");
    texts.set(name.replaceAll("\\", "/"), text);
  }
  return texts;
}

async function readEquivalents(repository: string, slug: string): Promise<EquivalentMutant[]> {
  const file = path.join(repository, "tests", "exercises", slug, "equivalent-mutants.json");
  const text = await readFile(file, "utf8").catch(() => "[]");
  return JSON.parse(text) as EquivalentMutant[];
}

function reasonFor(known: readonly EquivalentMutant[], mutant: Mutant): string | undefined {
  return known.find(
    ({ file, source, original, replacement }) =>
      file === mutant.file &&
      source === mutant.source &&
      original === mutant.original &&
      replacement === mutant.replacement,
  )?.reason;
}
