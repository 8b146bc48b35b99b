import { readFileSync } from "node:fs";
import type { SubmissionError } from "../report.ts";

const LONGEST = 200;

/** The error with what stands in its line. */
export function addSource(error: SubmissionError): SubmissionError {
  const { file, line } = error;
  if (file === undefined || line === undefined) return error;
  try {
    const source = readFileSync(file, "utf8").split("\n")[line - 1]?.trim() ?? "";
    return source === "" ? error : { ...error, source: source.slice(0, LONGEST) };
  } catch {
    // Gone in the meantime.
    return error;
  }
}
