import type { BrowserRequest } from "../http/browser.ts";

/** What one grading found, as plain data. */
export interface Report {
  readonly version: 1;
  readonly slug: string;
  readonly folder: string;
  readonly verdict: "pass" | "fail" | "could-not-be-graded";
  /** With `could-not-be-graded`: the learner's own error. */
  readonly failure: SubmissionError | undefined;
  readonly seed: number;
  /** One line: which Redis. */
  readonly redis: string;
  readonly results: readonly CheckResult[];
  readonly parts: readonly PartResult[];
  readonly points: number;
  readonly maximumPoints: number;
  /** One line about the types; undefined: not looked at, or not in time. */
  readonly types: string | undefined;
  /** What the failures look like, when they equal those of a known wrong answer. */
  readonly diagnosis: string | undefined;
  readonly durationMs: number;
}

export interface PartResult {
  readonly number: number;
  readonly title: string;
  readonly passed: number;
  readonly checks: number;
  readonly points: number;
  readonly maximumPoints: number;
}

/** An error of the submission, without frames of the grader or of packages. */
export interface SubmissionError {
  readonly message: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

export interface CheckResult {
  readonly number: number;
  readonly title: string;
  readonly part: number;
  readonly points: number;
  readonly passed: boolean;
  readonly failure: CheckFailure | undefined;
}

export interface CheckFailure {
  /** The assertion's own sentence. */
  readonly why: string;
  readonly expected: string | undefined;
  readonly came: string | undefined;
  /** The last requests of the check, oldest first. */
  readonly sent: readonly SentRequest[];
  /** Commands that the last request caused; empty when others ran at the same time. */
  readonly commands: readonly string[];
  /** What the check kept by `kit.show`. */
  readonly evidence: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** What the programs printed to stderr meanwhile: the newest lines, stacks with the submission's own frames only. */
  readonly printed: readonly string[];
  /** The program died meanwhile: with its own error. */
  readonly death: SubmissionError | undefined;
}

/** Data from which `toCurl` makes a line. */
export interface SentRequest {
  readonly request: BrowserRequest;
  readonly baseUrl: string;
  readonly cookie: string;
  /** `401 {"error":"…"}`, shortened; or why none came. */
  readonly answer: string;
}
