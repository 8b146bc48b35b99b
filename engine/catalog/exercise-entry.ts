/** An exercise as the catalog knows it: from its folder's name and its front matter. */
export interface ExerciseEntry {
  readonly kind: "exercise";
  /** Name of its folder: `rate-limit`. */
  readonly slug: string;
  readonly title: string;
  /** Absolute path of the folder where the learner writes. */
  readonly folder: string;
  readonly minutes: number | undefined;
  readonly needs: string | undefined;
  /** False while it has no checks to be graded by. */
  readonly isReady: boolean;
}
