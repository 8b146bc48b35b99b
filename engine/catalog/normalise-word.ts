import path from "node:path";

/**
 * What was typed for an entry, as a name: `./exercises\rate-limit/`, `rate-limit/app.ts` typed in
 * the folder `exercises`, and the absolute path of that file all become `rate-limit`.
 */
export function normaliseWord(word: string, room: "lessons" | "exercises", root: string): string {
  const slashed = word.trim().replaceAll("\\", "/");
  const typedIn = process.env["INIT_CWD"] ?? process.cwd();
  for (const base of [root, typedIn]) {
    const relative = path.relative(path.join(root, room), path.resolve(base, slashed));
    const [first = "", ...rest] = relative.split(path.sep);
    const isPath = slashed.includes("/") || path.isAbsolute(slashed) || base === typedIn;
    if (isPath && first !== "" && first !== ".." && !path.isAbsolute(relative)) {
      if (rest.length === 0 || slashed.includes("/")) return first.toLowerCase();
    }
  }
  return slashed
    .replace(/^\.\//, "")
    .replace(new RegExp(`^${room}/`), "")
    .replace(/\/+$/, "")
    .toLowerCase();
}
