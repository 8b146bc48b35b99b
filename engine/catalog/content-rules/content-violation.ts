/** A content rule that does not hold: where, what is wrong, and what to do about it. */
export interface ContentViolation {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly problem: string;
  readonly remedy: string;
}
