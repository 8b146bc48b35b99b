/** The three hints for one check. */
export interface CheckHints {
  readonly number: number;
  readonly title: string;
  readonly line: number;
  /** Headings of the hints, in their order. */
  readonly levels: readonly string[];
  /** Markdown below each heading. */
  readonly texts: readonly string[];
}

/** How the hints of a check are called, from a nudge to nearly the answer. */
export const hintLevels = ["A question", "A direction", "Nearly the code"] as const;

/** Reads `hints.md`: `## 7. Title`, and below it the three `###` of {@link hintLevels}. */
export function readHints(text: string): readonly CheckHints[] {
  const all: { number: number; title: string; line: number; levels: string[]; texts: string[] }[] =
    [];
  let fence = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("```")) fence = !fence;
    const heading = fence ? null : /^(##|###) (?:(\d+)\. )?(.+)$/.exec(line);
    const current = all.at(-1);
    if (heading?.[1] === "##") {
      const title = heading[3] ?? "";
      all.push({ number: Number(heading[2]), title, line: index + 1, levels: [], texts: [] });
    } else if (heading?.[1] === "###" && current !== undefined) {
      current.levels.push(heading[3] ?? "");
      current.texts.push("");
    } else if (current !== undefined && current.texts.length > 0) {
      current.texts[current.texts.length - 1] += `${line}\n`;
    }
  }
  return all.map((hints) => ({ ...hints, texts: hints.texts.map((each) => each.trim()) }));
}
