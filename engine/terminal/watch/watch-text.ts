import stringWidth from "string-width";
import type { CheckResult, Report } from "../../grader/report.ts";
import { repository } from "../../catalog/repository.ts";
import { printReport } from "../report/print-report.ts";
import { cutTo } from "../keys/cut-to.ts";
import { wrap } from "../layout.ts";
import type { Terminal } from "../terminal.ts";

/** To who asks for a hint while a run is on. */
export const HINT_COMES = "The hint comes with the verdict.";

/** While a run is on: how far it is, and the check that failed last time as soon as it is known. */
export function progressText(
  options: {
    readonly slug: string;
    readonly done: number;
    readonly all: number;
    readonly first: CheckResult | undefined;
    /** A hint was asked for. */
    readonly wantsHint: boolean;
  },
  terminal: Terminal,
): string {
  const { style } = terminal;
  const { slug, done, all, first, wantsHint } = options;
  const count = all === 0 ? "" : ` ${done} of ${all}`;
  const known =
    first === undefined
      ? ""
      : `\n${wrap(`${first.passed ? style.good("✓ holds now:") : style.bad("✗ still fails:")} ${first.number}. ${first.title}`, terminal.columns()).join("\n")}`;
  return (
    cutTo(`Grading ${slug} …${count}`, terminal.columns()) +
    known +
    (wantsHint ? `\n${HINT_COMES}` : "")
  );
}

/** The verdict, and what can be done now. */
export function verdictText(report: Report, all: boolean, terminal: Terminal): string {
  if (report.verdict !== "pass") {
    return printReport(report, { all, repository, isWatched: true }, terminal);
  }
  const { style } = terminal;
  const { slug, results, points, maximumPoints, durationMs } = report;
  return [
    style.good(style.bold(`✓ ${slug} passes.`)),
    ...wrap(
      `All ${results.length} behaviours hold: ${points} of ${maximumPoints} points. (${(durationMs / 1000).toFixed(1)} s)`,
      terminal.columns(),
    ),
    "",
    ...wrap(
      "What next? Compare your code with the solution (d), or go on to the next exercise (n).",
      terminal.columns(),
    ),
  ].join("\n");
}

/** The keys that do something now; without a verdict there is nothing to be said about failures. `leadsBack`: to the verdict. */
export function keysText(
  verdict: Report["verdict"] | undefined,
  terminal: Terminal,
  leadsBack: boolean,
): string {
  const keys = [
    ...(leadsBack ? [["enter", "back"]] : []),
    ...(verdict === "pass" ? [["d", "diff"]] : []),
    ...(verdict === "fail"
      ? [
          ["h", "hint"],
          ["a", "all failures"],
        ]
      : []),
    ["n", "next exercise"],
    ["l", "list"],
    ["s", "start app"],
    ["r", "again"],
    ["q", "quit"],
  ];
  const { style } = terminal;
  const lines = [""];
  // A key and what it does stay in one line.
  for (const [key = "", what = ""] of keys) {
    const line = lines.at(-1) ?? "";
    const item = `${style.key(key)} ${what}`;
    const longer = line === "" ? item : `${line}  ${item}`;
    if (line === "" || stringWidth(longer) <= terminal.columns()) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines.join("\n");
}
