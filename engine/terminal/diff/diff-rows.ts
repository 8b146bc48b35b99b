import { diffLines } from "diff";

/** One line of a comparison: on both sides, or on one only. Numbers count from 1. */
export interface DiffRow {
  readonly kind: "same" | "changed";
  readonly left: { readonly number: number; readonly text: string } | undefined;
  readonly right: { readonly number: number; readonly text: string } | undefined;
}

/** What lies between two places that differ is left out when it is longer than this, twice. */
const CONTEXT_LINES = 3;

/** The rows of a comparison, changed lines beside each other; `undefined` stands for same lines left out. */
export function diffRows(left: string, right: string): (DiffRow | undefined)[] {
  const rows: DiffRow[] = [];
  let at = { left: 0, right: 0 };
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    for (let row = 0; row < Math.max(removed.length, added.length); row += 1) {
      const [gone, come] = [removed[row], added[row]];
      rows.push({
        kind: "changed",
        left: gone === undefined ? undefined : { number: (at.left += 1), text: gone },
        right: come === undefined ? undefined : { number: (at.right += 1), text: come },
      });
    }
    removed = [];
    added = [];
  };
  for (const change of diffLines(left, right)) {
    const lines = change.value.replace(/\n$/, "").split("\n");
    if (change.removed) removed.push(...lines);
    else if (change.added) added.push(...lines);
    else {
      flush();
      for (const text of lines) {
        at = { left: at.left + 1, right: at.right + 1 };
        const [ofLeft, ofRight] = [
          { number: at.left, text },
          { number: at.right, text },
        ];
        rows.push({ kind: "same", left: ofLeft, right: ofRight });
      }
    }
  }
  flush();
  return leaveOut(rows);
}

function leaveOut(rows: readonly DiffRow[]): (DiffRow | undefined)[] {
  const isNear = rows.map((_, at) =>
    rows
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ kind }) => kind === "changed"),
  );
  const kept: (DiffRow | undefined)[] = [];
  for (const [at, row] of rows.entries()) {
    if (isNear[at] === true) kept.push(row);
    else if (kept.at(-1) !== undefined || at === 0) kept.push(undefined);
  }
  return kept;
}
