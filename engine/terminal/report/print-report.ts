import { toCurl } from "../../http/to-curl.ts";
import type { CheckFailure, Report, SubmissionError } from "../../grader/report.ts";

/** The report as text: one failing check in full (all with `all`), the others a line each. */
export function printReport(report: Report, all: boolean): string {
  const { results, slug } = report;
  if (report.verdict === "could-not-be-graded") {
    const lines = report.failure === undefined ? [] : describe(report.failure);
    return ["Could not be graded: the program did not start.", ...lines.map(indent)].join("\n");
  }
  const passed = results.filter((result) => result.passed).length;
  const count = `${passed} of ${results.length}`;
  const points = `${report.points} of ${report.maximumPoints} points`;
  const foot = `${report.redis}\nSeed ${report.seed}, ${(report.durationMs / 1000).toFixed(1)} s`;
  if (report.verdict === "pass")
    return `${slug} passes: ${count} behaviours hold, ${points}.\n${foot}`;

  const failing = results.filter((result) => !result.passed);
  const lines = failing.flatMap((result, at) => {
    const head = `✗ ${result.number}. ${result.title}`;
    if (result.failure === undefined || (at > 0 && !all)) return [head];
    return [head, ...inFull(result.failure).map(indent), ""];
  });
  const complete = report.parts
    .filter((part) => part.checks > 0 && part.passed === part.checks)
    .map((part) => `, part ${part.number} complete`);
  const next = failing[0];
  return [
    ...lines,
    "",
    ...(report.diagnosis === undefined ? [] : [`This looks like: ${report.diagnosis}`, ""]),
    `A hint: npm run hint ${slug}`,
    `What holds: ${count}${complete.join("")}; ${points}.`,
    ...(next === undefined
      ? []
      : [`Next: mend ${next.number}, then npm test ${slug} only ${next.number}`]),
    foot,
  ].join("\n");
}

function inFull(failure: CheckFailure): string[] {
  const last = failure.sent.at(-1);
  const lines: string[] = [];
  if (failure.death !== undefined)
    lines.push("The program ended:", ...describe(failure.death).map(indent));
  if (last !== undefined) {
    const headers =
      last.cookie === "" ? last.request.headers : { ...last.request.headers, Cookie: last.cookie };
    lines.push(
      `Sent:     ${toCurl({ ...last.request, ...(headers && { headers }) }, last.baseUrl)}`,
    );
  }
  lines.push(`Why:      ${failure.why}`);
  if (failure.expected !== undefined) lines.push(`Expected: ${failure.expected}`);
  if (failure.came !== undefined) lines.push(`Came:     ${failure.came}`);
  if (last !== undefined) lines.push(`Answer:   ${last.answer}`);
  if (failure.commands.length > 0) lines.push("Redis saw:", ...failure.commands.map(indent));
  for (const { title, lines: shown } of failure.evidence)
    lines.push(`${title}:`, ...shown.map(indent));
  return lines;
}

function describe({ message, file, line }: SubmissionError): string[] {
  return file === undefined
    ? [message]
    : [message, `at ${file}${line === undefined ? "" : `:${line}`}`];
}

function indent(line: string): string {
  return `   ${line}`;
}
