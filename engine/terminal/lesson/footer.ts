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
  const full = choices.map(([key, meaning]) => `${key} ${meaning}`).join("   ");
  const gap = where.length + 3 + full.length < columns ? "   " : " ";
  const keys = choices.map(([key, meaning]) => `${style.key(key)} ${meaning}`).join(gap);
  return where === "" ? keys : `${style.dim(where)}${gap}${keys}`;
}
