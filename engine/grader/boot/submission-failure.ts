import { pathToFileURL } from "node:url";
import type { ProgramCrash } from "../../process/start-program.ts";
import type { SubmissionError } from "../report.ts";

/** The submission did not start, or died. Carries its own error. */
export class SubmissionFailure extends Error {
  readonly detail: SubmissionError;

  constructor(detail: SubmissionError) {
    super(detail.message);
    this.name = "SubmissionFailure";
    this.detail = detail;
  }
}

/**
 * The submission's own error with the first place of its stack that lies in its folder; of one that
 * does not parse, what is wrong there and nothing about the transform.
 */
export function describeError(error: ProgramCrash, folder: string): SubmissionError {
  const text = `${error.message}\n${error.stack ?? ""}`;
  const parse = /^(.+?):(\d+):\d+: ERROR: (.+)$/m.exec(error.message);
  const said = error.name === undefined ? error.message : `${error.name}: ${error.message}`;
  const message = parse === null ? said : `SyntaxError: ${parse[3]}`;
  // The folder is looked for as it is and as a URL spells it: there may be blanks in it.
  for (const prefix of [folder, pathToFileURL(folder).href]) {
    for (let at = text.indexOf(prefix); at !== -1; at = text.indexOf(prefix, at + 1)) {
      const place = /^([^\n()]*?):(\d+)/.exec(text.slice(at + prefix.length));
      if (place === null || place[1]?.includes("node_modules")) continue;
      const rest = prefix === folder ? (place[1] ?? "") : decodeURI(place[1] ?? "");
      return { message, file: folder + rest, line: Number(place[2]) };
    }
  }
  return { message, file: undefined, line: undefined };
}
