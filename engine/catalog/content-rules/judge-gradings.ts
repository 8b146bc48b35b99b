import type { ContentViolation } from "./content-violation.ts";
import type { Submission } from "./list-submissions.ts";

/** One grading, as far as the proof needs it. */
export interface GradedSubmission {
  readonly verdict: "pass" | "fail" | "could not be graded";
  readonly passed: readonly number[];
  readonly failed: readonly number[];
  /** Why it could not be graded, or what failed first: for the message. */
  readonly reason: string | undefined;
}

/** Says whether a submission got the verdict that its kind demands. */
export function judgeGrading(
  submission: Submission,
  graded: GradedSubmission,
  redis: string,
): ContentViolation[] {
  const say = (problem: string, remedy: string): ContentViolation[] => [
    { file: submission.name, problem: `On the ${redis} Redis: ${problem}`, remedy },
  ];
  if (graded.verdict === "could not be graded") {
    return say(`it could not be graded: ${graded.reason}`, "Mend it, or the grader.");
  }
  const { passed, failed } = graded;
  switch (submission.kind) {
    case "solution":
    case "alt":
      if (failed.length === 0 && passed.length > 0) return [];
      return say(
        `a right answer fails check ${list(failed)}: ${graded.reason}`,
        "Mend the answer if it breaks a behaviour of the README; else the check is too strict.",
      );
    case "starter":
    case "idle":
      if (passed.length === 0) return [];
      return say(
        `an answer that does nothing passes check ${list(passed)}.`,
        "Let these checks first prove that the thing they guard against can happen.",
      );
    case "wrong": {
      const { fails } = submission.record;
      if (list(fails) === list(failed)) return [];
      return say(
        `it fails ${list(failed)}; recorded is ${list(fails)}. ${graded.reason ?? ""}`.trim(),
        "If the new failures are right, record them in its wrong.json; else mend the checks.",
      );
    }
    default:
      return submission satisfies never;
  }
}

function list(numbers: readonly number[]): string {
  return numbers.length === 0 ? "no check" : numbers.join(", ");
}
