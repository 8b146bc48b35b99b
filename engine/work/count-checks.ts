import { readFile } from "node:fs/promises";
import path from "node:path";
import { readBehaviours } from "../catalog/content-rules/read-behaviours.ts";

/** How many behaviours the exercise's README states. 0 where it cannot be read. */
export async function countChecks(repository: string, slug: string): Promise<number> {
  const file = path.join(repository, "exercises", slug, "README.md");
  const text = await readFile(file, "utf8").catch(() => "");
  return readBehaviours(text).behaviours.length;
}
