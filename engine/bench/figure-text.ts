import { type Figure, judgeFigure, ratioOf } from "./figure.ts";
import type { KeptFigures } from "./keep-figures.ts";
import { machineText } from "./machine.ts";

const HEAD = ["what", "median", "beside it", "aim", "met", "runs", "measured on"];

/** The figures as a table in Markdown, with the machine below it. */
export function figuresTable({ machine, measurements }: KeptFigures): string {
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
  return [HEAD, HEAD.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .concat("", `The machine: ${machineText(machine)}.`)
    .join("\n");
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
