import type { Report } from "../../grader/report.ts";
import { cutTo } from "../keys/cut-to.ts";
import { pad } from "../layout.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "./visible.ts";

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
  const mark = verdict === "pass" ? style.good("✓") : style.bad("✗");
  return `${mark} ${head}${why === "" ? "" : `  ${style.dim(cutTo(why, Math.max(20, columns() - head.length - 4)))}`}`;
}

/** Below them: the points of all, and what to do next. */
export function totalEnd(reports: readonly Report[], { style }: Terminal): string[] {
  const sum = (of: "points" | "maximumPoints") =>
    reports.reduce((all, report) => all + report[of], 0);
  const next = reports.find(({ verdict }) => verdict !== "pass");
  const passed = reports.filter(({ verdict }) => verdict === "pass").length;
  return [
    "",
    style.bold(
      `${passed} of ${reports.length} exercises pass: ${sum("points")} of ${sum("maximumPoints")} points.`,
    ),
    ...(next === undefined ? [] : [`Next: npm test ${next.slug}`]),
  ];
}
