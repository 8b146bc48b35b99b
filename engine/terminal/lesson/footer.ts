import stringWidth from "string-width";
import type { Style } from "../style.ts";

/** A key and what it does. */
export type Choice = readonly [key: string, meaning: string];

/** One line that says which keys do what; shorter where the terminal is narrow. */
export function renderFooter(
  where: string,
  choices: readonly Choice[],
  columns: number,
  style: Style,
): string {
  const words = choices.map(([key, meaning]) => `${style.key(key)} ${meaning}`);
  const keys = (gap: string) => words.join(gap);
  const at = where === "" ? "" : style.dim(where);
  const wordings = [
    `${at}${at === "" ? "" : "   "}${keys("   ")}`,
    `${at}${at === "" ? "" : " "}${keys(" ")}`,
    ...(where.includes(":") ? [`${at} ${choices.map(([key]) => style.key(key)).join(" ")}`] : []),
    keys(" "),
    // What Enter does can be guessed.
    [...choices.slice(0, 1).map(([key]) => style.key(key)), ...words.slice(1)].join(" "),
    // What is the same everywhere can be guessed first.
    ...words.map((_, kept) =>
      [
        ...words.slice(0, words.length - kept),
        ...choices.slice(choices.length - kept).map(([key]) => style.key(key)),
      ].join(" "),
    ),
  ];
  const fitting = wordings.find((wording) => stringWidth(wording) < columns);
  return fitting ?? choices.map(([key]) => style.key(key)).join(" ");
}
