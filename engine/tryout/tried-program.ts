import type { SubmissionError } from "../grader/report.ts";
import type { StartedProgram } from "../process/start-program.ts";

/** How to start one program of what is tried. */
export interface TriedProgram {
  readonly name: string;
  /** The port that it is best reached at; another one when that is taken. */
  readonly port: number;
  /**
   * Starts it and resolves once it answers.
   * @throws SubmissionFailure with the program's own error
   */
  launch(options: {
    readonly redisUrl: string;
    readonly onLine: (line: string) => void;
    /** Called with the process at once, so that it can be ended while it starts. */
    readonly onProcess: (program: StartedProgram) => void;
  }): Promise<{ readonly program: StartedProgram; readonly url: string }>;
  /** Of a program that has ended. */
  describeEnd(program: StartedProgram): SubmissionError;
}
