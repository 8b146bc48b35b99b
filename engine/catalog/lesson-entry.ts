/** A lesson as the catalog knows it: from its folder's name and its front matter. */
export interface LessonEntry {
  readonly kind: "lesson";
  readonly number: number;
  /** Name of its folder: `01-basic-store`. */
  readonly slug: string;
  /** Without the number: `basic-store`. */
  readonly name: string;
  readonly title: string;
  /** Absolute. */
  readonly folder: string;
  /** Of a learner's time; undefined where the front matter does not say. */
  readonly minutes: number | undefined;
  readonly needs: string | undefined;
  readonly redis: "any" | "server" | "sentinel";
  /** How many of its steps need a real server, where the others do not. */
  readonly serverSteps: number;
  /** Files of its programs, relative to the folder: `app.ts`, `flask/app.py`. */
  readonly programs: readonly string[];
  /** Slug of the exercise that practises it. */
  readonly exercise: string | undefined;
}
