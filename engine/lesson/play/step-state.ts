import type { Chart, SeenCommand, Trouble, Truth } from "../lesson-event.ts";

/** What the blocks of one step leave for those after them. */
export interface StepState {
  /** Nobody looks: views may be left out. */
  readonly silent: boolean;
  /** Of the last request. */
  commands: readonly SeenCommand[];
  /** What the last `run` or `act` printed. */
  output: readonly string[];
  /** Measured, and not yet compared by a `chart` block. */
  charts: Chart[];
  /** A question whose truth is not shown yet. */
  question: Truth | undefined;
  /** Troubles that last, and were spoken of in this step. */
  readonly reminded: Set<Trouble>;
}

/** Nothing has happened yet. */
export function createStepState(silent: boolean): StepState {
  return { silent, commands: [], output: [], charts: [], question: undefined, reminded: new Set() };
}
