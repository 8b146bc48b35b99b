import type { SubmissionError } from "../grader/report.ts";
import type { LoggedCommand } from "../redis/gate.ts";

/** What happens to an app that is tried by hand. */
export type TryoutEvent =
  /** All programs answer. `restarted`: it was running before, so what it had in memory is gone. */
  | { readonly type: "up"; readonly restarted: boolean; readonly durationMs: number }
  /** Did not start, or died. The next save starts it again. */
  | { readonly type: "down"; readonly program: string; readonly error: SubmissionError }
  | { readonly type: "request"; readonly request: TriedRequest }
  /** Commands that no request caused: at the start, or by a timer. */
  | { readonly type: "commands"; readonly commands: readonly LoggedCommand[] }
  | { readonly type: "line"; readonly program: string; readonly line: string };

export interface TriedRequest {
  readonly program: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** 0: the connection broke off. */
  readonly status: number;
  readonly durationMs: number;
  /** The body's first 2 KiB, where it is text. */
  readonly answer: string;
  /** What tells a client what to do next: `Retry-After: 12`, `Location: /`, `Set-Cookie: …`. */
  readonly headers: readonly string[];
  readonly commands: readonly LoggedCommand[];
  /** Another request was under way at the same time: the commands are of both. */
  readonly isShared: boolean;
}
