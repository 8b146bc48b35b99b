/** One small change of a program's text that a good grader should notice. */
export interface Mutant {
  /** Of the solution, with forward slashes. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The whole source line, trimmed: how a reader and equivalent-mutants.json find it. */
  readonly source: string;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly original: string;
  readonly replacement: string;
}

/** The text with the change made. */
export function applyMutant(text: string, mutant: Mutant): string {
  return text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end);
}
