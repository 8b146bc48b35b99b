import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../errors.ts";
import { gradeSubmission } from "../grader/grade-submission.ts";
import type { Report } from "../grader/report.ts";
import { printReport } from "../terminal/report/print-report.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const EXIT = { pass: 0, fail: 1, "could-not-be-graded": 2 } as const;

/**
 * `npm test`, `npm test exercises`, `npm test <folder or slug> [all] [json] [only 7 8]`.
 * Answers the exit code: 0 pass, 1 fail, 2 could not be graded.
 * @throws UserError for an unknown exercise, a folder that is none, a check that does not exist
 */
export async function runTest(args: readonly string[]): Promise<number> {
  const [target, ...words] = args;
  if (target === undefined) return await runSuite([]);
  const slugs = listSlugs();
  const name = target.replaceAll("\\", "/").replace(/\/+$/, "");
  if (name === "exercises") {
    let worst = 0;
    let points = 0;
    let maximum = 0;
    for (const slug of slugs) {
      const report = await grade(slug, path.join(repository, "exercises", slug), undefined);
      const passed = report.results.filter((result) => result.passed).length;
      console.log(
        `${slug}: ${report.verdict}, ${passed} of ${report.results.length}, ${report.points} points`,
      );
      worst = Math.max(worst, EXIT[report.verdict]);
      points += report.points;
      maximum += report.maximumPoints;
    }
    console.log(`${points} of ${maximum} points`);
    return worst;
  }
  const folder = path.resolve(repository, slugs.includes(name) ? `exercises/${name}` : name);
  const slug = path
    .relative(repository, folder)
    .split(path.sep)
    .find((part) => slugs.includes(part));
  checkFolder(folder, target, slugs);
  if (slug === undefined) throw unknownExercise(target, slugs);
  const report = await grade(slug, folder, readOnly(words, slug));
  console.log(
    words.includes("json") ? JSON.stringify(report) : printReport(report, words.includes("all")),
  );
  return EXIT[report.verdict];
}

async function grade(
  slug: string,
  folder: string,
  only: readonly number[] | undefined,
): Promise<Report> {
  const report = await gradeSubmission({ repository, slug, folder, ...(only && { only }) });
  // The verdict does not depend on whether it can be kept.
  await keep(report).catch(() => {});
  return report;
}

async function keep(report: Report): Promise<void> {
  const reports = path.join(repository, ".workbook", "reports");
  await mkdir(reports, { recursive: true });
  const temporary = path.join(reports, `${report.slug}.${process.pid}.tmp`);
  await writeFile(temporary, JSON.stringify(report, undefined, 2));
  await rename(temporary, path.join(reports, `${report.slug}.json`));
}

function readOnly(words: readonly string[], slug: string): number[] | undefined {
  const rest = words.filter((word) => word !== "all" && word !== "json");
  if (rest.length === 0) return undefined;
  const numbers = rest
    .slice(1)
    .flatMap((word) => word.split(","))
    .map(Number);
  if (rest[0] !== "only" || numbers.length === 0 || !numbers.every(Number.isInteger)) {
    throw new UserError(`"${rest.join(" ")}" is not understood: the words are all, json, only 7.`, {
      hint: `npm test ${slug} only 7`,
    });
  }
  return numbers;
}

function checkFolder(folder: string, target: string, slugs: readonly string[]): void {
  const relative = path.relative(repository, folder);
  if (relative.startsWith("..") || path.isAbsolute(relative)) {
    throw new UserError(`${target} lies outside this repository.`, {
      hint: `npm test ${slugs[0] ?? ""}`,
    });
  }
  if (!existsSync(folder)) throw unknownExercise(target, slugs);
  if (!statSync(folder).isDirectory()) {
    throw new UserError(`${target} is a file; what is graded is its folder.`, {
      hint: `npm test ${path.dirname(target)}`,
    });
  }
}

function unknownExercise(target: string, slugs: readonly string[]): UserError {
  return new UserError(`There is no exercise "${target}"; there are: ${slugs.join(", ")}.`, {
    hint: `npm test ${slugs[0] ?? ""}`,
  });
}

function listSlugs(): string[] {
  const tests = path.join(repository, "tests", "exercises");
  return readdirSync(tests).filter((slug) => existsSync(path.join(tests, slug, "checks.ts")));
}

/** The workbook's own suite. */
async function runSuite(args: readonly string[]): Promise<number> {
  const vitest = path.join(repository, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", ...args], {
    cwd: repository,
    stdio: "inherit",
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
