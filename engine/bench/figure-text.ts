import { type Figure, judgeFigure, ratioOf } from "./figure.ts";
import type { KeptFigures } from "./keep-figures.ts";
import { machineText } from "./machine.ts";

const HEAD = ["what", "median", "beside it", "aim", "met", "runs", "measured on"];

/**
 * The figures as a table in Markdown, with the machine below it.
 * @param before the table that stood there: of the same machine, its rows of other figures stay as they were measured
 */
export function figuresTable({ machine, measurements }: KeptFigures, before = ""): string {
  const rows = Object.values(measurements).flatMap(({ measuredAt, figures }) =>
    figures.map((figure) => [
      figure.name,
      valueText(figure),
      besideText(figure),
      aimText(figure),
      judgeFigure(figure) ?? "",
      String(figure.runs),
      measuredAt.slice(0, 10),
    ]),
  );
  const foot = `The machine: ${machineText(machine)}.`;
  const head = [HEAD, HEAD.map(() => "---")].map(rowText);
  const added = new Map(rows.map(rowText).map((line) => [nameOf(line), line]));
  const old = before.includes(foot)
    ? before.split("\n").filter((line) => line.startsWith("| "))
    : [];
  const merged = old.slice(head.length).map((line) => {
    const anew = added.get(nameOf(line));
    added.delete(nameOf(line));
    return anew ?? line;
  });
  return [...head, ...merged, ...added.values(), "", foot].join("\n");
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The first cell. */
function nameOf(row: string): string {
  return row.split(" | ", 1)[0] ?? "";
}

/** One figure for a terminal, in two lines. */
export function figureText(figure: Figure): string {
  const beside = besideText(figure);
  const parts = [
    valueText(figure),
    ...(beside === "" ? [] : [`beside it ${beside}`]),
    ...(figure.aim ? [`aim ${aimText(figure)}: ${judgeFigure(figure)}`] : []),
    `runs: ${figure.runs}`,
  ];
  return [figure.name, `  ${parts.join("; ")}`].join("\n").replaceAll("`", "");
}

function valueText({ value, unit, percentile95, peakMiB }: Figure): string {
  const notes = [
    ...(percentile95 === undefined ? [] : [`95 % within ${measureText(percentile95, unit)}`]),
    ...(peakMiB === undefined
      ? []
      : [`${unit === "MiB" ? "at most" : "memory at most"} ${measureText(peakMiB, "MiB")}`]),
  ];
  return `${measureText(value, unit)}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
}

function besideText(figure: Figure): string {
  const { beside, unit } = figure;
  const ratio = ratioOf(figure);
  if (beside === undefined || ratio === undefined) return "";
  return `${beside.name}: ${measureText(beside.value, unit)} (${ratio.toFixed(2)} ×)`;
}

function aimText({ aim, unit: own }: Figure): string {
  if (aim === undefined) return "";
  const unit = aim.of === "value" ? own : "×";
  const limit = aim.limit === undefined ? "" : `, at most ${aim.limit} ${unit}`;
  return `${aim.most} ${unit}${limit}`;
}

/** Short times keep a place after the point. */
function measureText(value: number, unit: Figure["unit"]): string {
  return `${value.toFixed(value < 20 ? 1 : 0)} ${unit}`;
}
