import stringWidth from "string-width";
import type { ComparedFile } from "../../work/compare-folders.ts";
import { highlightCode } from "../highlight-code.ts";
import { pad, wrapExactly } from "../layout.ts";
import type { Terminal } from "../terminal.ts";
import { type DiffRow, diffRows } from "./diff-rows.ts";

/** Narrower than this, two columns of code cannot be read: one below the other then. */
const SIDE_BY_SIDE_COLUMNS = 110;

/** Two versions of files: side by side where there is room, else unified. */
export function printDiff(
  files: readonly ComparedFile[],
  names: { readonly left: string; readonly right: string },
  terminal: Terminal,
): string[] {
  const columns = terminal.columns();
  const isWide = columns >= SIDE_BY_SIDE_COLUMNS;
  return files.flatMap((file) => {
    const rows = diffRows(file.left ?? "", file.right ?? "");
    const body = isWide
      ? sideBySide(file, rows, names, terminal, columns)
      : unified(file, rows, names, terminal);
    return [terminal.style.heading(file.name), ...body, ""];
  });
}

function sideBySide(
  file: ComparedFile,
  rows: readonly (DiffRow | undefined)[],
  names: { left: string; right: string },
  { style }: Terminal,
  columns: number,
): string[] {
  const width = Math.floor((columns - 3) / 2);
  const code = paintLines(file, style);
  const cell = (row: DiffRow, side: "left" | "right"): string[] => {
    const line = row[side];
    if (line === undefined) return [""];
    const sign = row.kind === "same" ? " " : side === "left" ? "-" : "+";
    const paint = row.kind === "same" ? style.dim : side === "left" ? style.bad : style.good;
    const head = `${String(line.number).padStart(4)} ${sign} `;
    const text = code[side][line.number - 1] ?? line.text;
    const parts = wrapExactly(text, width - stringWidth(head));
    return parts.map((part, at) => paint(at === 0 ? head : " ".repeat(head.length)) + part);
  };
  const bar = style.frame("│");
  const out = [`${pad(style.bold(names.left), width)} ${bar} ${style.bold(names.right)}`];
  for (const row of rows) {
    if (row === undefined) {
      out.push(style.dim(`${pad("   …", width)} │    …`));
      continue;
    }
    const [left, right] = [cell(row, "left"), cell(row, "right")];
    for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
      out.push(`${pad(left[at] ?? "", width)} ${bar} ${right[at] ?? ""}`.trimEnd());
    }
  }
  return out;
}

function unified(
  file: ComparedFile,
  rows: readonly (DiffRow | undefined)[],
  names: { left: string; right: string },
  { style }: Terminal,
): string[] {
  const code = paintLines(file, style);
  const out = [style.bad(`--- ${names.left}`), style.good(`+++ ${names.right}`)];
  const changed: DiffRow[] = [];
  const flush = () => {
    for (const { left } of changed) {
      if (left !== undefined) {
        out.push(
          `${style.bad(`${String(left.number).padStart(4)} -`)} ${code.left[left.number - 1] ?? left.text}`,
        );
      }
    }
    for (const { right } of changed) {
      if (right !== undefined) {
        out.push(
          `${style.good(`${String(right.number).padStart(4)} +`)} ${code.right[right.number - 1] ?? right.text}`,
        );
      }
    }
    changed.length = 0;
  };
  for (const row of rows) {
    if (row?.kind === "changed") {
      changed.push(row);
      continue;
    }
    flush();
    if (row === undefined) out.push(style.dim("   …"));
    else if (row.right !== undefined) {
      const { number, text } = row.right;
      out.push(
        `${style.dim(`${String(number).padStart(4)}  `)} ${code.right[number - 1] ?? text}`.trimEnd(),
      );
    }
  }
  flush();
  return out;
}

/** Both sides as whole texts: a colour depends on what stands above. */
function paintLines(
  { name, left, right }: ComparedFile,
  style: Terminal["style"],
): { left: string[]; right: string[] } {
  const language = name.split(".").at(-1) ?? "";
  return {
    left: highlightCode(left ?? "", language, style),
    right: highlightCode(right ?? "", language, style),
  };
}
