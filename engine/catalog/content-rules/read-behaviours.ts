/** One numbered behaviour of an exercise's README. */
export interface Behaviour {
  readonly number: number;
  /** The bold sentence that it begins with, without its full stop. */
  readonly title: string;
  readonly part: number;
  /** Line of the README, counted from 1. */
  readonly line: number;
}

/** A part of rising difficulty; its points are shared equally by its behaviours. */
export interface Part {
  readonly number: number;
  readonly title: string;
  readonly points: number;
  readonly line: number;
}

/**
 * Reads the behaviours of an exercise from its README: `### Part 2: The address (30 points)`, and
 * below it items that begin with `7. **A sentence.**`.
 */
export function readBehaviours(readme: string): {
  readonly parts: readonly Part[];
  readonly behaviours: readonly Behaviour[];
} {
  const parts: Part[] = [];
  const behaviours: Behaviour[] = [];
  for (const [index, text] of readme.split("\n").entries()) {
    const line = index + 1;
    const part = /^### Part (\d+): (.+) \((\d+) points\)$/.exec(text);
    if (part !== null) {
      parts.push({
        number: Number(part[1]),
        title: part[2] ?? "",
        points: Number(part[3]),
        line,
      });
    }
    const current = parts.at(-1);
    const item = /^(\d+)\. \*\*(.+?)\.?\*\*/.exec(text);
    if (item !== null && current !== undefined) {
      behaviours.push({
        number: Number(item[1]),
        title: item[2] ?? "",
        part: current.number,
        line,
      });
    }
  }
  return { parts, behaviours };
}
