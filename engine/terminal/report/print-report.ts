import path from "node:path";
import type { CheckResult, Report } from "../../grader/report.ts";
import { wrap } from "../layout.ts";
import type { Terminal } from "../terminal.ts";
import { errorLines, failureLines } from "./failure-lines.ts";
import { visible } from "./visible.ts";

export interface PrintOptions {
  /** Every failing check in full; else the first one, and a line for each of the others. */
  readonly all: boolean;
  /** Places are shown relative to it. */
  readonly repository: string;
}

/** The report for people, in the order in which it is needed: what fails, what holds, what to do next. */
export function printReport(report: Report, options: PrintOptions, terminal: Terminal): string {
  const { style } = terminal;
  const target = targetOf(report, options.repository);
  const foot = [
    ...(report.types === undefined
      ? []
      : wrap(style.warn(visible(report.types)), terminal.columns())),
    style.dim([report.redis, `seed ${report.seed}`, seconds(report)].filter(Boolean).join(" · ")),
  ];
  if (report.verdict === "could-not-be-graded") {
    return [
      style.bad(style.bold(`✗ ${report.slug} could not be graded: it does not start.`)),
      "",
      ...errorLines(report.failure, options.repository, terminal),
      "",
      `Next: mend that, then npm test ${target}`,
      ...foot,
    ].join("\n");
  }
  const passed = report.results.filter((result) => result.passed).length;
  const count = `${passed} of ${report.results.length} behaviours hold`;
  const points = `${report.points} of ${report.maximumPoints} points`;
  if (report.verdict === "pass") {
    const isOwn = target === report.slug;
    return [
      style.good(style.bold(`✓ ${report.slug} passes: ${count}, ${points}.`)),
      ...(isOwn ? [`Next: compare it with the solution: npm run diff ${report.slug}`] : []),
      ...foot,
    ].join("\n");
  }
  const failing = report.results.filter((result) => !result.passed);
  const complete = report.parts
    .filter((part) => part.checks > 0 && part.passed === part.checks)
    .map((part) => `, part ${part.number} complete`);
  return [
    ...failing.flatMap((result, at) =>
      oneCheck(result, failing.slice(0, at), report, options, terminal),
    ),
    "",
    ...looksLike(report, terminal),
    `${count}${complete.join("")}: ${points}.`,
    ...whatNext(failing, report.slug, target, options.all),
    ...foot,
  ].join("\n");
}

function oneCheck(
  { number, title, failure }: CheckResult,
  before: readonly CheckResult[],
  report: Report,
  { all, repository }: PrintOptions,
  terminal: Terminal,
): string[] {
  const { bad, bold } = terminal.style;
  const head = `${bad("✗")} ${bold(`${number}. ${title}`)}`;
  if (failure === undefined || (before.length > 0 && !all)) return [head];
  const same = before.find(
    (other) =>
      other.failure?.death?.message === failure.death?.message && failure.death !== undefined,
  );
  const lines =
    same === undefined
      ? failureLines(failure, report.programs, repository, terminal)
      : [`The program ended, as in ${same.number}.`];
  return [
    ...(before.length > 0 ? [""] : []),
    head,
    "",
    ...lines.map((line) => `  ${line}`.trimEnd()),
    ...(all ? [] : [""]),
  ];
}

function looksLike({ diagnosis }: Report, { style, columns }: Terminal): string[] {
  if (diagnosis === undefined) return [];
  return [...wrap(style.warn(`This looks like: ${diagnosis}`), columns()), ""];
}

function whatNext(
  failing: readonly CheckResult[],
  slug: string,
  target: string,
  all: boolean,
): string[] {
  const first = failing[0];
  if (first === undefined) return [];
  const rest = failing.length > 1 && !all ? `\nThe others in full: npm test ${target} all` : "";
  return [
    `Next: mend ${first.number}, then npm test ${target} only ${first.number}`,
    `A hint: npm run hint ${slug} ${first.number}${rest}`,
  ];
}

/** What to type to grade the same again. */
function targetOf({ slug, folder }: Report, repository: string): string {
  const relative = path.relative(repository, folder).replaceAll("\\", "/");
  return relative === `exercises/${slug}` ? slug : /\s/.test(relative) ? `"${relative}"` : relative;
}

function seconds({ durationMs }: Report): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
