import type { CheckHints } from "../../catalog/content-rules/read-hints.ts";

/** The first `shown` hints of a check; those that were read `before` stay readable above the new one. */
export function printHints(hints: CheckHints, shown: number, before: number): string {
  const lines = [`${hints.number}. ${hints.title}`, ""];
  for (let at = 0; at < shown; at += 1) {
    const isNew = at >= before;
    const mark = isNew && before > 0 ? " (new)" : "";
    lines.push(`Hint ${at + 1} of ${hints.texts.length}: ${hints.levels[at] ?? ""}${mark}`, "");
    for (const line of (hints.texts[at] ?? "").split("\n"))
      lines.push(line === "" ? "" : `  ${line}`);
    lines.push("");
  }
  return lines.join("\n");
}
