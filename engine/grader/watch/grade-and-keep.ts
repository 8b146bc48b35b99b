import { emptyExercise } from "../../progress/progress.ts";
import { hashChecks } from "../../progress/hash-checks.ts";
import { updateProgress } from "../../progress/update-progress.ts";
import { type GradeOptions, gradeSubmission } from "../grade-submission.ts";
import type { Report } from "../report.ts";
import { keepReport, removeReport } from "./keep-report.ts";

/** Grades, and keeps the report and the learner's progress. `warning`: why the progress could not be kept. */
export async function gradeAndKeep(
  options: GradeOptions,
): Promise<{ report: Report; warning: string | undefined }> {
  const report = await gradeSubmission(options);
  const [warning] = await Promise.all([
    keepVerdict(options.repository, report),
    keepReport(options.repository, report),
  ]);
  return { report, warning };
}

/**
 * Some of the checks were run alone: what they say replaces what was known of them. A kept report
 * that says otherwise would send a learner the wrong way, so it goes.
 */
export async function keepPart(repository: string, report: Report): Promise<void> {
  if (report.verdict === "could-not-be-graded") return;
  const { slug, results } = report;
  let isOther = false;
  await updateProgress(repository, ({ exercises }) => {
    const mine = (exercises[slug] ??= emptyExercise());
    const passed = new Set(mine.checksPassed);
    for (const result of results) {
      if (result.passed === passed.has(result.number)) continue;
      isOther = true;
      mine.points += result.passed ? result.points : -result.points;
      if (result.passed) passed.add(result.number);
      else passed.delete(result.number);
    }
    mine.points = Math.max(0, Math.round(mine.points));
    mine.checksPassed = [...passed].toSorted((one, other) => one - other);
  });
  if (isOther) await removeReport(repository, slug);
}

/** Answers why the progress could not be kept. */
export async function keepVerdict(repository: string, report: Report): Promise<string | undefined> {
  const now = new Date().toISOString();
  const checksHash = await hashChecks(repository, report.slug);
  const { warning } = await updateProgress(repository, ({ exercises }) => {
    const mine = (exercises[report.slug] ??= emptyExercise());
    mine.lastRun = now;
    if (report.verdict === "could-not-be-graded") return;
    mine.points = report.points;
    mine.checksPassed = report.results.filter(({ passed }) => passed).map(({ number }) => number);
    if (report.verdict === "pass" && mine.checksHash !== checksHash) {
      mine.passedAt = now;
      mine.checksHash = checksHash;
    }
  });
  return warning;
}
