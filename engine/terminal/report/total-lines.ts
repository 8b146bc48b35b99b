import type { Report } from "../../grader/report.ts";
import { cutTo } from "../keys/cut-to.ts";
import { pad, wrap } from "../layout.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "./visible.ts";

/** Less room than this tells nothing: then the reason has a line of its own. */
const LEAST_ROOM = 20;

/** One exercise of several, in a line: `✗ rate-limit   9 of 18    45 points   first: 10. An account …`. */
export function totalLine(
  report: Report,
  slugs: readonly string[],
  { style, columns }: Terminal,
): string {
  const { slug, results, verdict, points } = report;
  const width = Math.max(...slugs.map(({ length }) => length));
  const passed = results.filter((result) => result.passed).length;
  const first = results.find((result) => !result.passed);
  const why =
    verdict === "could-not-be-graded"
      ? `could not be graded: ${visible(report.failure?.message ?? "")}`
      : first === undefined
        ? ""
        : `first: ${first.number}. ${first.title}`;
  const count = pad(`${passed} of ${results.length}`, 8);
  const head = `${pad(slug, width)}  ${count}  ${`${points}`.padStart(3)} points`;
  const line = `${verdict === "pass" ? style.good("✓") : style.bad("✗")} ${head}`;
  if (why === "") return line;
  const room = columns() - head.length - 4;
  return room < LEAST_ROOM
    ? `${line}\n  ${style.dim(cutTo(why, columns() - 2))}`
    : `${line}  ${style.dim(cutTo(why, room))}`;
}

/** Below them: the points of all, and what to do next. */
export function totalEnd(reports: readonly Report[], { style, columns }: Terminal): string[] {
  const sum = (of: "points" | "maximumPoints") =>
    reports.reduce((all, report) => all + report[of], 0);
  const next = reports.find(({ verdict }) => verdict !== "pass");
  const passed = reports.filter(({ verdict }) => verdict === "pass").length;
  return [
    "",
    ...wrap(
      style.bold(
        `${passed} of ${reports.length} exercises pass: ${sum("points")} of ${sum("maximumPoints")} points.`,
      ),
      columns(),
    ),
    ...(next === undefined ? [] : [`Next: npm test ${next.slug}`]),
  ];
}
