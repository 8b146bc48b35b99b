import path from "node:path";
import type { Behaviour } from "../../catalog/content-rules/read-behaviours.ts";
import type { Report, SubmissionError } from "../../grader/report.ts";

/**
 * A line for each problem, as editors read them: `exercises/rate-limit/app.ts:14:1: error: …`. It
 * stands at the learner's own line where that is known, else at the behaviour in the README.
 */
export function problemLines(
  report: Report,
  behaviours: readonly Behaviour[],
  repository: string,
): string[] {
  const at = (file: string, line: number, text: string) => {
    const shown = path.relative(repository, file).replaceAll("\\", "/");
    return `${shown}:${line}:1: error: ${text.replaceAll(/\s+/g, " ")}`;
  };
  const own = ({ file, line, message }: SubmissionError, what: string) =>
    file === undefined ? undefined : at(file, line ?? 1, what + message);
  const readme = path.join(repository, "exercises", report.slug, "README.md");
  if (report.verdict === "could-not-be-graded") {
    const failure = report.failure ?? { message: "It does not start.", file: undefined, line: 1 };
    return [own(failure, "") ?? at(readme, 1, failure.message)];
  }
  return report.results
    .filter(({ passed }) => !passed)
    .map(({ number, title, failure }) => {
      const behaviour = behaviours.find((each) => each.number === number);
      const what = `${number}. ${title}`;
      const death = failure?.death && own(failure.death, `${what}: `);
      return death ?? at(readme, behaviour?.line ?? 1, `${what}: ${failure?.why ?? ""}`);
    });
}
