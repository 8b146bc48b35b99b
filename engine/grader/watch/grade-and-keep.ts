import { emptyExercise } from "../../progress/progress.ts";
import { hashChecks } from "../../progress/hash-checks.ts";
import { updateProgress } from "../../progress/update-progress.ts";
import { type GradeOptions, gradeSubmission } from "../grade-submission.ts";
import type { Report } from "../report.ts";
import { keepReport } from "./keep-report.ts";

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
