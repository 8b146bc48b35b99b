import { appendFile } from "node:fs/promises";
import path from "node:path";
import { countChecks } from "../work/count-checks.ts";

/** The exercise whose solution is watched. */
export const WATCHED = "rate-limit";

/** `npm run watch` of it, in a workbook where it is solved. */
export function watchCommand(root: string) {
  return { command: "npm", args: ["run", "watch", WATCHED], cwd: root };
}

/** What it prints when all holds. */
export async function passedText(root: string): Promise<RegExp> {
  const checks = await countChecks(root, WATCHED);
  if (checks === 0) throw new Error(`${WATCHED} states no behaviours`);
  return new RegExp(`All ${checks} behaviours hold`);
}

let saves = 0;

/** Saves it with other contents, in code and not only in a comment. */
export async function saveWatched(root: string): Promise<void> {
  const file = path.join(root, "exercises", WATCHED, "app.ts");
  await appendFile(file, `\nexport const save${(saves += 1)} = ${saves};\n`);
}
