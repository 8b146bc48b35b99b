import type { ContentViolation } from "./content-violation.ts";
import type { Submission } from "./list-submissions.ts";

/** More would say that a check states too much at once. */
const MOST_CAUGHT = 3;

/**
 * The records of the wrong answers as a whole: each check has one to three that it must catch,
 * and each wrong answer is right in at least half of the checks.
 */
export function checkWrongAnswers(
  slug: string,
  checkNumbers: readonly number[],
  submissions: readonly Submission[],
): ContentViolation[] {
  const found: ContentViolation[] = [];
  const wrongs = submissions.filter((submission) => submission.kind === "wrong");
  for (const { name, record } of wrongs) {
    const file = `${name}/wrong.json`;
    if (!record.fails.includes(record.mustCatch)) {
      const problem = `Check ${record.mustCatch} must catch it, but is not among those that it fails.`;
      found.push({ file, problem, remedy: "Add it to `fails`, and let the check catch it." });
    }
    if (record.fails.length > checkNumbers.length / 2) {
      const problem = `It fails ${record.fails.length} of ${checkNumbers.length} checks, more than half.`;
      const remedy = "Make everything else about it right, so that it shows one mistake.";
      found.push({ file, problem, remedy });
    }
    for (const number of [record.mustCatch, ...record.fails]) {
      if (checkNumbers.includes(number)) continue;
      found.push({ file, problem: `There is no check ${number}.`, remedy: "Correct the number." });
    }
  }
  for (const number of checkNumbers) {
    const caught = wrongs.filter(({ record }) => record.mustCatch === number);
    if (caught.length >= 1 && caught.length <= MOST_CAUGHT) continue;
    found.push({
      file: `tests/exercises/${slug}/checks.ts`,
      problem: `Check ${number} is the one that must catch ${caught.length} wrong answers.`,
      remedy: "Each check needs one to three: write a wrong answer, or bind one to another check.",
    });
  }
  return found;
}
