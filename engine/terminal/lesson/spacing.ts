import type { LessonEvent } from "../../lesson/lesson-event.ts";

/** A blank line stands between two blocks, but not between two lines that programs have printed. */
export class Spacing {
  #owesBlank = false;

  /** The lines of a block with the blank lines around it that are due. */
  around(lines: readonly string[], isLogLine: boolean): string[] {
    if (lines.length === 0) return [];
    const before = this.#owesBlank && !isLogLine ? [""] : [];
    this.#owesBlank = isLogLine;
    return [...before, ...lines, ...(isLogLine ? [] : [""])];
  }

  /** The blank line that is still due, before something that is no block. */
  close(): string[] {
    const lines = this.#owesBlank ? [""] : [];
    this.#owesBlank = false;
    return lines;
  }
}

export function isLog({ kind }: LessonEvent): boolean {
  return kind === "program-line";
}
