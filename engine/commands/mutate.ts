import path from "node:path";
import { RedisStock } from "../grader/boot/redis-stock.ts";
import { gradeSubmission } from "../grader/grade-submission.ts";
import { judgeMutants, type JudgedMutant } from "../mutation/judge-mutants.ts";
import { recordProof } from "../mutation/record-proof.ts";
import { chooseSlugs } from "./choose-slugs.ts";
import { UserError } from "../errors.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const PARALLEL = 2;

/**
 * `npm run mutate [exercise] [every 5]`: plants small mistakes into the solutions, one at a time, and
 * lists those that no hidden check notices. `every 5` takes a sample. A whole run is written into
 * the table of CONTRIBUTING.md. Answers 1 when one survives that is not written down as equivalent.
 * @throws UserError for an unknown exercise or word
 */
export async function runMutate(args: readonly string[]): Promise<number> {
  const { slugs, rest } = await chooseSlugs(repository, args);
  const every = readEvery(rest);
  let survived = 0;
  await using redises = new RedisStock(process.env);
  for (const slug of slugs) {
    const judged = await judgeMutants({
      repository,
      slug,
      parallel: PARALLEL,
      every,
      grade: async (folder) => await firstFailure(slug, folder, redises),
      onJudged: (_judged, done, all) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${slug}: ${done}/${all} `);
      },
    });
    survived += show(slug, judged);
    if (every === 1) await recordProof(repository, slug, { mutants: count(judged) });
  }
  return survived === 0 ? 0 : 1;
}

/** A grading that ends with the first check that fails. 0: it could not even be graded. */
async function firstFailure(
  slug: string,
  folder: string,
  redises: RedisStock,
): Promise<number | undefined> {
  const stop = new AbortController();
  let failed: number | undefined;
  try {
    const report = await gradeSubmission({
      repository,
      slug,
      folder,
      redises,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type !== "check" || event.passed || failed !== undefined) return;
        failed = event.number;
        stop.abort();
      },
    });
    if (report.verdict === "could-not-be-graded") return 0;
    return failed ?? report.results.find(({ passed }) => !passed)?.number;
  } catch (error) {
    if (failed === undefined) throw error;
    return failed;
  }
}

function show(slug: string, judged: readonly JudgedMutant[]): number {
  const { total, killed, equivalent } = count(judged);
  const share = total === equivalent ? 100 : (killed / (total - equivalent)) * 100;
  console.log(
    `${slug}: ${killed} of ${total} mutants noticed, ${equivalent} written down as equivalent (${share.toFixed(1)} % of the others noticed).`,
  );
  const survivors = judged.filter(
    ({ killedBy, equivalent: reason }) => killedBy === undefined && reason === undefined,
  );
  for (const { mutant } of survivors) {
    console.log(`  ${mutant.file}:${mutant.line}  ${mutant.source}`);
    console.log(`    ${oneLine(mutant.original)}  →  ${oneLine(mutant.replacement)}`);
  }
  for (const { mutant, killedBy } of judged.filter(({ equivalent: reason }) => reason)) {
    if (killedBy === undefined) continue;
    console.log(`  Not equivalent after all: ${mutant.file}:${mutant.line}, check ${killedBy}.`);
  }
  return survivors.length;
}

function count(judged: readonly JudgedMutant[]) {
  return {
    total: judged.length,
    killed: judged.filter(({ killedBy }) => killedBy !== undefined).length,
    equivalent: judged.filter(
      ({ killedBy, equivalent }) => killedBy === undefined && equivalent !== undefined,
    ).length,
  };
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length > 70 ? `${flat.slice(0, 69)}…` : flat;
}

function readEvery(words: readonly string[]): number {
  if (words.length === 0) return 1;
  const every = Number(words[1]);
  if (words[0] !== "every" || !Number.isInteger(every) || every < 1) {
    throw new UserError(`"${words.join(" ")}" is not understood: the word is every 5.`, {
      hint: "npm run mutate rate-limit every 5",
    });
  }
  return every;
}
