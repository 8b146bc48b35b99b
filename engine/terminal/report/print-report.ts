import path from "node:path";
import stringWidth from "string-width";
import type { CheckFailure, CheckResult, Report } from "../../grader/report.ts";
import { wrap } from "../layout.ts";
import type { Terminal } from "../terminal.ts";
import { errorLines, failureLines, INDENT } from "./failure-lines.ts";
import { visible } from "./visible.ts";

export interface PrintOptions {
  /** Every failing check in full; else the first one, and a line for each of the others. */
  readonly all: boolean;
  /** Places are shown relative to it. */
  readonly repository: string;
  /** Only some of the checks were run. */
  readonly isPart?: boolean;
  /** It is graded again by itself: what comes next is to save. */
  readonly isWatched?: boolean;
}

/** The report for people, in the order in which it is needed: what fails, what holds, what to do next. */
export function printReport(report: Report, options: PrintOptions, terminal: Terminal): string {
  const { style } = terminal;
  const columns = terminal.columns();
  const target = targetOf(report, options.repository);
  const facts = [report.redis, `seed ${report.seed} · ${seconds(report)}`].filter(Boolean);
  const oneLine = facts.join(" · ");
  const foot = [
    ...(report.types === undefined ? [] : wrap(style.warn(visible(report.types)), columns)),
    ...(stringWidth(oneLine) <= columns ? [oneLine] : facts).flatMap((line) =>
      wrap(style.dim(line), columns),
    ),
  ];
  if (report.verdict === "could-not-be-graded") {
    const head = `✗ ${report.slug} could not be graded: it does not start.`;
    return [
      ...wrap(style.bad(style.bold(head)), columns),
      "",
      ...errorLines(report.failure, options.repository, columns, style),
      "",
      ...(options.isWatched === true
        ? ["Next: mend that, then save."]
        : next("Next: mend that, then", `npm test ${target}`, columns)),
      ...foot,
    ].join("\n");
  }
  const passed = report.results.filter((result) => result.passed).length;
  const count = `${passed} of ${report.results.length} behaviours hold`;
  const points = `${report.points} of ${report.maximumPoints} points`;
  if (report.verdict === "pass" && options.isPart === true) {
    const numbers = listed(report.results.map(({ number }) => String(number)));
    const head = `✓ ${report.slug}: ${numbers} ${report.results.length === 1 ? "holds" : "hold"}.`;
    return [
      ...wrap(style.good(style.bold(head)), columns),
      ...next("Next: grade all of it:", `npm test ${target}`, columns),
      ...foot,
    ].join("\n");
  }
  if (report.verdict === "pass") {
    const isOwn = target === report.slug;
    const head = `✓ ${report.slug} passes: ${count}, ${points}.`;
    const compare = "Next: compare it with the solution:";
    return [
      ...wrap(style.good(style.bold(head)), columns),
      ...(isOwn ? next(compare, `npm run diff ${report.slug}`, columns) : []),
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
    ...wrap(`${count}${complete.join("")}: ${points}.`, columns),
    ...whatNext(failing, report.slug, target, options, terminal),
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
  const [first = "", ...rest] = wrap(bold(`${number}. ${title}`), terminal.columns() - 2);
  const head = [`${bad("✗")} ${first}`, ...rest.map((line) => INDENT + line)];
  if (failure === undefined || (before.length > 0 && !all)) {
    return before.length === 1 ? ["", ...head] : head;
  }
  const same = before.find((other) => other.failure && isSame(other.failure, failure));
  const lines =
    same === undefined
      ? failureLines(failure, report.programs, repository, terminal)
      : [
          `${failure.death === undefined ? "The same" : "The program ended,"} as in ${same.number}.`,
        ];
  return [
    ...(before.length > 0 ? [""] : []),
    ...head,
    "",
    ...lines.map((line) => `${INDENT}${line}`.trimEnd()),
  ];
}

/** Two failures for one reason: it is said once. */
function isSame(one: CheckFailure, other: CheckFailure): boolean {
  if (one.death !== undefined) return one.death.message === other.death?.message;
  return one.why === other.why && one.came === other.came && other.death === undefined;
}

function looksLike({ diagnoses }: Report, { style, columns }: Terminal): string[] {
  const [first, ...others] = diagnoses;
  if (first === undefined) return [];
  if (others.length === 0) return [...wrap(style.warn(`This looks like: ${first}`), columns()), ""];
  const items = diagnoses.flatMap((diagnosis) =>
    wrap(style.warn(diagnosis), columns() - 2).map((line, at) => (at === 0 ? "- " : "  ") + line),
  );
  return [style.warn("This looks like one of these:"), ...items, ""];
}

function whatNext(
  failing: readonly CheckResult[],
  slug: string,
  target: string,
  { all, isWatched = false }: PrintOptions,
  terminal: Terminal,
): string[] {
  const first = failing[0];
  if (first === undefined) return [];
  const columns = terminal.columns();
  const save = wrap(`Next: mend ${first.number} of ${slug}, then save.`, columns);
  // The keys below it do the rest.
  if (isWatched && terminal.isInteractive) return save;
  const only = `npm test ${target} only ${first.number}`;
  const byHand = `npm start ${slug} check ${first.number}`;
  const isSent = (first.failure?.sent.length ?? 0) > 0 && first.failure?.death === undefined;
  const hasMore = failing.length > 1 && !all;
  return [
    ...(isWatched ? save : next(`Next: mend ${first.number}, then`, only, columns)),
    ...(target === slug && isSent ? next("By hand:", byHand, columns) : []),
    ...next("A hint:", `npm run hint ${slug} ${first.number}`, columns),
    ...(hasMore ? next("The others in full:", `npm test ${target} all`, columns) : []),
  ];
}

/** A command stays whole, so that it can be copied: in a line of its own where there is no room for it. */
function next(text: string, command: string, columns: number): string[] {
  const line = `${text} ${command}`;
  return stringWidth(line) <= columns ? [line] : [...wrap(text, columns), INDENT + command];
}

/** What to type to grade the same again. */
function targetOf({ slug, folder }: Report, repository: string): string {
  const relative = path.relative(repository, folder).replaceAll("\\", "/");
  return relative === `exercises/${slug}` ? slug : /\s/.test(relative) ? `"${relative}"` : relative;
}

/** `2, 5 and 7`. */
function listed(words: readonly string[]): string {
  const [last = "", ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}

function seconds({ durationMs }: Report): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
