/** One line of a lesson's program broken on purpose: the lesson must notice. */
export interface Mutation {
  /** What is broken, as the name of a test. */
  readonly name: string;
  /** Program, from the folder of the lesson. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** It breaks a step that only a server can play, of a lesson whose other steps run everywhere. */
  readonly redis?: "server";
}
