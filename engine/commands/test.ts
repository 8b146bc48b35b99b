import { spawn } from "node:child_process";
import path from "node:path";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { RedisStock } from "../grader/boot/redis-stock.ts";
import { findTested, listSlugs, type TestedFolder } from "../grader/find-tested.ts";
import { gradeSubmission } from "../grader/grade-submission.ts";
import { Lanes } from "../grader/lanes.ts";
import type { Report } from "../grader/report.ts";
import { startTypeCheck } from "../grader/types/check-types.ts";
import { keepReport } from "../grader/watch/keep-report.ts";
import { readFailingChecks } from "../grader/watch/read-last-report.ts";
import { keepPart, keepVerdict } from "../grader/watch/grade-and-keep.ts";
import { deferred } from "../process/deferred.ts";
import { wrap } from "../terminal/layout.ts";
import { printReport } from "../terminal/report/print-report.ts";
import { totalEnd, totalLine } from "../terminal/report/total-lines.ts";
import { openTerminal, type Terminal } from "../terminal/terminal.ts";
import { findTwinFiles } from "../work/twin-files.ts";
import { readTestWords, type TestWords } from "./read-test-words.ts";

const EXIT = { pass: 0, fail: 1, "could-not-be-graded": 2 } as const;
/** How many exercises are graded at the same time: while one waits, the other works. */
const AT_ONCE = 2;

/**
 * `npm test`, `npm test deep`, `npm test exercises`, `npm test <folder or slug> [all] [json] [only 7 8] [seed 1608269093]`.
 * Answers the exit code: 0 pass, 1 fail, 2 could not be graded.
 * @throws UserError for an unknown exercise, a folder that is none, a check that does not exist
 */
export async function runTest(args: readonly string[]): Promise<number> {
  const { target, ...words } = readTestWords(args);
  if (target === undefined) return await runSuite("quick");
  if (target === "deep") return await runSuite("deep");
  if (/^(?:\.[\\/])?exercises[\\/]?$/.test(target)) return await testAll(words);
  return await testOne(await findTested(repository, target), words);
}

async function testOne(
  { slug, folder, isOwn }: TestedFolder,
  { all, json, only, seed }: Omit<TestWords, "target">,
): Promise<number> {
  const terminal = openTerminal();
  const count = countOnTerminal();
  await using types = startTypeCheck(repository, folder);
  let known: string | undefined;
  void types.line.then((line) => (known = line));
  const graded = await gradeSubmission({
    repository,
    slug,
    folder,
    ...(only && { only }),
    seed,
    ...(isOwn && { doubtful: await readFailingChecks(repository, slug) }),
    onEvent: count.next,
  });
  count.clear();
  if (json) {
    const report = { ...graded, types: await types.line };
    if (isOwn) await (only === undefined ? keep(report) : keepPart(repository, report));
    console.log(JSON.stringify(report));
    return EXIT[report.verdict];
  }
  const shown = { ...graded, types: known };
  terminal.writeLines([
    printReport(shown, { all, repository, isPart: only !== undefined }, terminal),
  ]);
  for (const twins of await findTwinFiles(folder)) terminal.writeLines(warned(twins, terminal));
  // A report of a part would hide what is known of the rest.
  if (isOwn) await (only === undefined ? keep(shown) : keepPart(repository, shown));
  // The verdict is out: what follows keeps nobody waiting.
  const line = shown.types === undefined ? await types.line : undefined;
  if (line !== undefined) terminal.writeLines(warned(line, terminal));
  return EXIT[graded.verdict];
}

/**
 * Grades what the learner has written for every exercise, and prints a line for each.
 * @throws UserError with `only`, whose numbers differ from exercise to exercise
 */
async function testAll({ json, only, seed }: Omit<TestWords, "target">): Promise<number> {
  const slugs = listSlugs(repository);
  if (only !== undefined) {
    throw new UserError('"only" needs one exercise: each has numbers of its own.', {
      hint: `npm test exercises/${slugs[0] ?? ""} only ${only[0] ?? 1}`,
    });
  }
  const terminal = openTerminal();
  await using redises = new RedisStock(process.env);
  const pending = slugs.map((slug) => ({ slug, report: deferred<Report>() }));
  // One that fails before it is waited for is no unhandled rejection.
  for (const { report } of pending) report.promise.catch(() => {});
  const jobs = pending.map(({ slug, report }) => async () => {
    const folder = path.join(repository, "exercises", slug);
    const doubtful = await readFailingChecks(repository, slug);
    const options = { repository, slug, folder, redises, seed, doubtful };
    await gradeSubmission(options).then(report.resolve, report.reject);
  });
  new Lanes(jobs).widen(AT_ONCE);
  const reports: Report[] = [];
  for (const each of pending) {
    const report = await each.report.promise;
    reports.push(report);
    if (!json) terminal.writeLines([totalLine(report, slugs, terminal)]);
    await keep(report);
  }
  if (json) console.log(JSON.stringify(reports));
  else terminal.writeLines(totalEnd(reports, terminal));
  return reports.every(({ verdict }) => verdict === "pass") ? 0 : 1;
}

function warned(line: string, { style, columns }: Terminal): string[] {
  return wrap(style.warn(line), columns());
}

/** The verdict does not depend on whether it can be kept. */
async function keep(report: Report): Promise<void> {
  await keepReport(repository, report);
  const warning = await keepVerdict(repository, report);
  if (warning !== undefined) console.error(warning);
}

/** Says how far it is, where somebody watches. */
function countOnTerminal(): { next: () => void; clear: () => void } {
  let count = 0;
  const isWatched = process.stderr.isTTY;
  return {
    next() {
      count += 1;
      if (isWatched) process.stderr.write(`\rGrading … ${count}`);
    },
    clear() {
      if (isWatched) process.stderr.write("\r\u001B[K");
    },
  };
}

/** The workbook's own suite: what tells whether it works here, or what only a change of it can break. */
async function runSuite(project: "quick" | "deep"): Promise<number> {
  const vitest = path.join(repository, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--project", project], {
    cwd: repository,
    stdio: "inherit",
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
