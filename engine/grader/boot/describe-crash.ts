import type { ProgramCrash } from "../../process/start-program.ts";
import type { BuiltSubmission } from "../build/build-submission.ts";
import { describeError, SubmissionFailure } from "./submission-failure.ts";

const LONGEST_MESSAGE = 2000;
const LONGEST_STACK = 20_000;

/** What a program sent as its error. It may send anything: what is no text is passed over. */
export function readCrash(value: unknown): ProgramCrash {
  const said = typeof value === "object" && value !== null ? value : {};
  const text = (name: string, longest: number) => {
    const found: unknown = Reflect.get(said, name);
    return typeof found === "string" ? found.slice(0, longest) : undefined;
  };
  const name = text("name", 100);
  const stack = text("stack", LONGEST_STACK);
  return {
    message: text("message", LONGEST_MESSAGE) ?? "It failed without a message.",
    ...(name === undefined ? {} : { name }),
    ...(stack === undefined ? {} : { stack }),
  };
}

/** The error with its places as they are in the sources. */
export function describeCrash(
  crash: ProgramCrash,
  built: BuiltSubmission,
  folder: string,
): SubmissionFailure {
  const { message, stack } = crash;
  const inSources = {
    ...crash,
    message: built.inSources(message),
    ...(stack === undefined ? {} : { stack: built.inSources(stack) }),
  };
  return new SubmissionFailure(describeError(inSources, folder));
}
