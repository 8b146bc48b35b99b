import type { Chart } from "../lesson-event.ts";

/** A line `{"chart": {"title": …, "unit": …, "bars": [["0.5 KiB", 12.3], …]}}`; undefined when it is another line. */
export function readChart(line: string): Chart | undefined {
  if (!line.startsWith('{"chart"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const chart = field(value, "chart");
  const title = field(chart, "title");
  const unit = field(chart, "unit");
  const bars = field(chart, "bars");
  if (typeof title !== "string" || typeof unit !== "string" || !Array.isArray(bars))
    return undefined;
  const read: (readonly [string, number])[] = [];
  for (const bar of bars as unknown[]) {
    if (!Array.isArray(bar)) return undefined;
    const [label, size] = bar as unknown[];
    if (typeof label !== "string" || typeof size !== "number") return undefined;
    read.push([label, size]);
  }
  return { kind: "chart", title, unit, bars: read };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
