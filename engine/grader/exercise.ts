import type { BrowserRequest } from "../http/browser.ts";

/**
 * What the grader, `npm start` and the content rules know of an exercise beside its checks:
 * `tests/exercises/<slug>/exercise.ts` exports it as `exercise`.
 */
export interface Exercise {
  /**
   * The modules of a submission that export `createApp(context)`, without their ending, in the
   * order in which they are started: `["app"]`, or `["main", "service"]`. Each becomes a process
   * of its own. Requests that name none go to the first.
   */
  readonly programs: readonly string[];
  /** `context.settings` of the programs that checks share. Plain data: it is sent to another process. */
  readonly settings: object;
  /**
   * The doors of one boot: functions of the context by which a submission reaches the outside
   * world of the exercise. They run in the grader; calls are seen, counted, held and failed there.
   * Called once for each boot, so what they remember belongs to that boot. Arguments and
   * results are plain data.
   */
  readonly doors: (boot: Boot) => Readonly<Record<string, Door>>;
  /** For `npm start`: what the learner's app gets, and requests to try, printed as curl lines. */
  readonly tryIt: {
    readonly settings: object;
    readonly requests: readonly (BrowserRequest & {
      /** What it shows, as a short phrase: `a wrong password`. */
      readonly shows: string;
      /** Program that it goes to; the first when left out. */
      readonly to?: string;
    })[];
  };
}

/** What the doors of one boot may know of it. */
export interface Boot {
  readonly settings: object;
  /** `grading`, or `try` for `npm start`. */
  readonly purpose: "grading" | "try";
  /** Milliseconds since 1970 by the clock of the boot, which `travel` moves. */
  now(): number;
}

/** A function of the outside world. What it throws reaches the submission as a rejected promise. */
export type Door = (...args: readonly unknown[]) => unknown;

/** Gives the definition its type. */
export function defineExercise(exercise: Exercise): Exercise {
  return exercise;
}
