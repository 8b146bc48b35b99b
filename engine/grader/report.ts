import type { BrowserRequest } from "../http/browser.ts";

/** What one grading found, as plain data. */
export interface Report {
  readonly version: 1;
  readonly slug: string;
  readonly folder: string;
  /** The programs of the exercise; `npm start` gives them the ports from 3000 on, in this order. */
  readonly programs: readonly string[];
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
  /** What stands in that line. */
  readonly source?: string | undefined;
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
  /** So many requests were under way at the same moment when it failed; 1: one after the other. */
  readonly together: number;
  /** Commands that the last request caused, or all those under way together, handshakes left out. */
  readonly commands: readonly SeenCommand[];
  /** How many more there were, each of them counted. */
  readonly moreCommands: number;
  /** What the check kept by `kit.show`. */
  readonly evidence: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** What the programs printed to stderr meanwhile: the newest lines, stacks with the submission's own frames only. */
  readonly printed: readonly string[];
  /** The program died meanwhile: with its own error. */
  readonly death: SubmissionError | undefined;
}

/** A command that a program sent to Redis. */
export interface SeenCommand {
  readonly args: readonly string[];
  /** As redis-cli prints it, in one line; undefined: none came. */
  readonly reply: string | undefined;
  /** So often in a row, with the same reply. */
  readonly times: number;
}

/** Data from which `toCurl` makes a line. */
export interface SentRequest {
  /** The program that it went to. */
  readonly program: string;
  readonly request: BrowserRequest;
  readonly baseUrl: string;
  readonly cookie: string;
  /** `401 {"error":"…"}`, shortened; or why none came. */
  readonly answer: string;
}
