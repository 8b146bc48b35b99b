import type { CodeBlock } from "../lesson.ts";
import type { DocumentState } from "./document-state.ts";
import { suggest } from "./lesson-mistakes.ts";
import { listRegions, readRegion } from "./read-region.ts";
import type { Fence } from "./split-document.ts";

/** In these languages code goes stale unseen unless it is a file that is checked. */
const PROGRAMS = new Set(["ts", "tsx", "js", "mjs", "cjs", "javascript", "typescript"]);

/** Reads a block that is shown; with `file=` it must equal the region of the file. */
export function parseCode(fence: Fence, state: DocumentState): CodeBlock | undefined {
  const { language, text, line } = fence;
  const [word, ...rest] = fence.words;
  const place = word?.startsWith("file=") ? word.slice("file=".length) : undefined;
  if (place === undefined) {
    if (PROGRAMS.has(language) && word !== "shown") {
      return state.mistakes.add(
        line,
        `The ${language} block names no file.`,
        `Write ${language} file=<file>#<region>; for code that is only shown, ${language} shown.`,
      );
    }
    return { kind: "code", language, text };
  }
  if (rest.length > 0) {
    state.mistakes.add(line, `${language} does not know ${rest.join(" ")}.`, "Remove it.");
  }
  const [file = "", region] = place.split("#");
  const source = state.readFile(file);
  if (source === undefined) {
    return state.mistakes.add(
      line,
      `${file} is not in the lesson's folder.`,
      "Mend the name, or write the file.",
    );
  }
  const found = readRegion(source, region);
  if (found === undefined) {
    state.mistakes.addDrift(
      line,
      `${file} has no region ${region}, or it does not end.`,
      suggest(region ?? "", listRegions(source)),
    );
    return { kind: "code", language, text };
  }
  if (found.text !== text) {
    state.mistakes.addDrift(
      line + 1 + firstDifference(found.text, text),
      `The block is not equal to ${place}.`,
      `Copy line ${found.line + firstDifference(found.text, text)} of ${file} and what follows into it.`,
    );
  }
  return {
    kind: "code",
    language,
    // What the learner has changed in the file is what runs, and what is shown.
    text: found.text,
    source: { file, line: found.line, ...(region === undefined ? {} : { region }) },
  };
}

function firstDifference(one: string, other: string): number {
  const others = other.split("\n");
  const at = one.split("\n").findIndex((each, index) => each !== others[index]);
  return at < 0 ? one.split("\n").length : at;
}
