import path from "node:path";

/** The pristine starter of an exercise: never the one that the learner works on. */
export function starterFolder(repository: string, slug: string): string {
  return path.join(repository, "tests", "exercises", slug, "starter");
}
