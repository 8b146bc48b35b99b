import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { listSlugs } from "../catalog/content-rules/check-slugs.ts";
import { replaceSection } from "../catalog/replace-section.ts";

/** What was measured of an exercise's checks. Kept in `tests/exercises/proof.json`. */
export interface Proof {
  readonly mutants?: {
    readonly total: number;
    readonly killed: number;
    readonly equivalent: number;
  };
  readonly flake?: { readonly gradings: number; readonly changed: number };
}

type DatedProof = { -readonly [K in keyof Proof]: Proof[K] & { readonly date: string } };

/** Keeps a measurement, and writes the table of CONTRIBUTING.md anew. */
export async function recordProof(repository: string, slug: string, proof: Proof): Promise<void> {
  const file = path.join(repository, "tests", "exercises", "proof.json");
  const all = await readProofs(file);
  const date = new Date().toISOString().slice(0, 10);
  const dated = Object.fromEntries(
    Object.entries(proof).map(([name, figures]) => [name, { ...figures, date }]),
  );
  all[slug] = { ...all[slug], ...dated };
  const sorted = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(file, `${JSON.stringify(sorted, undefined, 2)}\n`);
  const contributing = path.join(repository, "CONTRIBUTING.md");
  const text = await readFile(contributing, "utf8");
  const table = await proofTable(repository);
  await writeFile(contributing, replaceSection(text, "proof", table));
}

/** How strong each grader is: a Markdown table. */
export async function proofTable(repository: string): Promise<string> {
  const proofs = await readProofs(path.join(repository, "tests", "exercises", "proof.json"));
  const rows = [
    "| exercise | checks | right answers that pass | wrong answers that are caught | mutants noticed | gradings under load, verdicts changed |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  for (const slug of await listSlugs(repository)) {
    const tests = path.join(repository, "tests", "exercises", slug);
    const source = await readFile(path.join(tests, "checks.ts"), "utf8").catch(() => "");
    const checks = source.match(/^ {2}check\(/gm)?.length ?? 0;
    const right = 1 + (await countIn(path.join(tests, "alt")));
    const wrong = await countIn(path.join(tests, "wrong"));
    const { mutants, flake } = proofs[slug] ?? {};
    const noticed =
      mutants === undefined
        ? "not measured yet"
        : `${mutants.killed} of ${mutants.total}, ${mutants.equivalent} equivalent (${mutants.date})`;
    const flaked =
      flake === undefined
        ? "not measured yet"
        : `${flake.gradings}, ${flake.changed} (${flake.date})`;
    rows.push(`| ${slug} | ${checks} | ${right} | ${wrong} | ${noticed} | ${flaked} |`);
  }
  return rows.join("\n");
}

async function readProofs(file: string): Promise<Record<string, Partial<DatedProof>>> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  return JSON.parse(text) as Record<string, Partial<DatedProof>>;
}

async function countIn(folder: string): Promise<number> {
  return (await readdir(folder).catch(() => [])).length;
}
