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

/** The submission's own error with the first place of its stack that lies in its folder. */
export function describeError(error: ProgramCrash, folder: string): SubmissionError {
  const message = error.name === undefined ? error.message : `${error.name}: ${error.message}`;
  const text = `${error.stack ?? ""}\n${error.message}`;
  for (const match of text.matchAll(/(?:file:\/\/)?([^\s()]+?):(\d+):\d+/g)) {
    const file = decodeURI(match[1] ?? "");
    if (file.startsWith(folder) && !file.includes("node_modules")) {
      return { message, file, line: Number(match[2]) };
    }
  }
  return { message, file: undefined, line: undefined };
}
