import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ContentViolation } from "./content-violation.ts";
import { readBehaviours } from "./read-behaviours.ts";
import { hintLevels, readHints } from "./read-hints.ts";

/** What a check says of itself. */
export interface StatedCheck {
  readonly number: number;
  /** Its sentence, the same as the bold one in the README. */
  readonly title: string;
}

/**
 * Compares the README, the hints and the checks of an exercise: the numbers and sentences agree
 * one to one, the points of the parts make 100, each check has its three hints.
 */
export async function checkExerciseTexts(
  repository: string,
  slug: string,
  checks: readonly StatedCheck[],
): Promise<ContentViolation[]> {
  const file = (name: string) => `exercises/${slug}/${name}`;
  const read = (name: string) => readFile(path.join(repository, file(name)), "utf8");
  const { parts, behaviours } = readBehaviours(await read("README.md"));
  const found: ContentViolation[] = [];
  const say = (name: string, line: number | undefined, problem: string, remedy: string) =>
    found.push({ file: file(name), ...(line === undefined ? {} : { line }), problem, remedy });

  const points = parts.reduce((sum, part) => sum + part.points, 0);
  if (points !== 100) {
    say("README.md", parts[0]?.line, `The parts are worth ${points} points.`, "Make it 100.");
  }
  for (const [index, behaviour] of behaviours.entries()) {
    if (behaviour.number === index + 1) continue;
    const problem = `Behaviour ${behaviour.number} stands where ${index + 1} is due.`;
    say("README.md", behaviour.line, problem, "Number the behaviours from 1, without gaps.");
  }
  for (const behaviour of behaviours) {
    const check = checks.find(({ number }) => number === behaviour.number);
    if (check?.title === behaviour.title) continue;
    const problem =
      check === undefined
        ? `No check ${behaviour.number}: "${behaviour.title}".`
        : `Behaviour ${behaviour.number} is "${behaviour.title}", its check says "${check.title}".`;
    say("README.md", behaviour.line, problem, `Make tests/exercises/${slug}/checks.ts agree.`);
  }
  for (const { number, title } of checks) {
    if (behaviours.some((behaviour) => behaviour.number === number)) continue;
    const problem = `Check ${number}, "${title}", is not among the behaviours.`;
    say("README.md", undefined, problem, "Checking what was not said is unfair: state it.");
  }

  const hints = readHints(await read("hints.md"));
  for (const { number, title } of checks) {
    const mine = hints.find((each) => each.number === number);
    const levels = mine?.levels.join(", ") ?? "none";
    if (mine?.title !== title || levels !== hintLevels.join(", ") || mine.texts.includes("")) {
      const problem = `Check ${number} has not its three hints; there: ${levels}.`;
      const wanted = hintLevels.map((level) => `"### ${level}"`).join(", ");
      say("hints.md", mine?.line, problem, `Write "## ${number}. ${title}" with ${wanted}.`);
    }
  }
  for (const { number, line } of hints) {
    if (checks.some((check) => check.number === number)) continue;
    say("hints.md", line, `Hints for a check ${number} that is not there.`, "Remove them.");
  }
  return found;
}
