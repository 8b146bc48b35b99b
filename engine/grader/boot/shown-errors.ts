import path from "node:path";
import { pathToFileURL } from "node:url";
import type { BuiltSubmission } from "../build/build-submission.ts";

const LINES_SHOWN = 8;
/** The end of an object that it prints, and its version below an error that nobody caught. */
const NODES_OWN = /^\s*[}\]]$|^Node\.js v\d/;

/**
 * What a program printed to stderr, as its author wants to read it: places as they are in the
 * sources, relative to the folder, and of stacks only the frames that lie there.
 */
export function shownErrors(
  lines: readonly string[],
  built: BuiltSubmission,
  folder: string,
): string[] {
  const prefixes = [pathToFileURL(folder).href + "/", folder + path.sep];
  const printed = built
    .inSources(lines.join("\n"))
    .split("\n")
    .filter((line) => line.trim() !== "");
  const mine = withoutPackage(printed)
    .filter((line) => !/^\s+at /.test(line) || prefixes.some((prefix) => line.includes(prefix)))
    .map((line) => prefixes.reduce((text, prefix) => text.replaceAll(prefix, ""), line));
  const shown = collapse(withoutRepeats(mine.filter((line) => !NODES_OWN.test(line))));
  const left = shown.length - LINES_SHOWN;
  return left > 0 ? [...shown.slice(0, LINES_SHOWN), `… and ${left} more lines`] : shown;
}

/** Above an error that nobody caught Node shows the code that threw it. Where that is a package's, it helps nobody. */
function withoutPackage(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => /^\S.*[\\/]node_modules[\\/].*:\d+$/.test(line));
  if (from < 0) return lines;
  const error = lines.findIndex((line, at) => at > from && /^\S*(?:Error|Rejection)\b/.test(line));
  return [...lines.slice(0, from), ...(error < 0 ? [] : lines.slice(error))];
}

/** The same line many times in a row is one. */
function collapse(lines: readonly string[]): string[] {
  const found: { line: string; times: number }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last?.line === line) last.times += 1;
    else found.push({ line, times: 1 });
  }
  return found.map(({ line, times }) => (times === 1 ? line : `${line} (${times} times)`));
}

/** An error that was printed with its frames for each of several requests is shown once. */
function withoutRepeats(lines: readonly string[]): string[] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (/^\s/.test(line) && last !== undefined) last.push(line);
    else blocks.push([line]);
  }
  const seen = new Set<string>();
  return blocks.flatMap((block) => {
    const text = block.join("\n");
    const isRepeated = block.length > 1 && seen.has(text);
    seen.add(text);
    return isRepeated ? [] : block;
  });
}
