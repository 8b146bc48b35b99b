import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import { readBehaviours } from "../../catalog/content-rules/read-behaviours.ts";
import { type CheckResult, type Report, reportSchema } from "../report.ts";
import { reportFile } from "./keep-report.ts";

/**
 * The report of the last whole grading of this folder, while it is still true: neither the code
 * nor the checks have been touched since it began. Undefined: it has to be graded.
 */
export async function readLastReport(
  repository: string,
  slug: string,
  folder: string,
): Promise<Report | undefined> {
  const file = reportFile(repository, slug);
  try {
    const [report, { mtimeMs }] = await Promise.all([readReport(file), stat(file)]);
    const isOurs = report.slug === slug && report.folder === folder;
    // Of `npm test … only 7` nobody can tell what fails first.
    const readme = path.join(repository, "exercises", slug, "README.md");
    const { behaviours } = readBehaviours(await readFile(readme, "utf8"));
    if (!isOurs || report.results.length !== behaviours.length) return undefined;
    // A save in the middle of a grading came too late for some of its checks.
    const begun = mtimeMs - report.durationMs;
    const checks = path.join(repository, "tests", "exercises", slug, "checks.ts");
    const touched = await Promise.all([newestChange(folder), changeOf(checks)]);
    return Math.max(...touched) < begun ? report : undefined;
  } catch {
    // None, half-written, broken by hand, or of another version: as good as none.
    return undefined;
  }
}

/** Numbers of those that failed; what was not run at all has not. */
export function failingChecks(results: readonly CheckResult[]): ReadonlySet<number> {
  const failing = results.filter(({ failure }) => failure !== undefined);
  return new Set(failing.map(({ number }) => number));
}

/** Numbers of the checks that failed in the last report, of whatever code: a guess, and none without a report. */
export async function readFailingChecks(
  repository: string,
  slug: string,
): Promise<ReadonlySet<number>> {
  try {
    const { results } = await readReport(reportFile(repository, slug));
    return failingChecks(results);
  } catch {
    return new Set();
  }
}

async function readReport(file: string): Promise<Report> {
  return v.parse(reportSchema, JSON.parse(await readFile(file, "utf8")));
}

/** Milliseconds since 1970 at which something in the folder was written, added or removed. */
async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const changes = entries
    .filter(({ name }) => name !== "node_modules")
    .map(async (entry) => {
      const at = path.join(folder, entry.name);
      return entry.isDirectory() ? await newestChange(at) : await changeOf(at);
    });
  return Math.max(await changeOf(folder), ...(await Promise.all(changes)));
}

async function changeOf(file: string): Promise<number> {
  const { mtimeMs, ctimeMs } = await stat(file);
  // A file moved here keeps its mtime; ctime tells of the move.
  return Math.max(mtimeMs, ctimeMs);
}
