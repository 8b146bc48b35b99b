import { UserError } from "../../errors.ts";

/** Something in a lesson's document that its author can mend. */
export interface LessonMistake {
  /** In the document, counted from 1. */
  readonly line: number;
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
  /** A learner who changes a program makes it true: the lesson plays all the same. */
  readonly isDrift?: true;
}

const MOST_SHOWN = 10;

/** A document that cannot be played, with everything that was found in it. */
export class LessonMistakes extends UserError {
  readonly mistakes: readonly LessonMistake[];

  /** @param file as a person would name it: `lessons/01-basic-store/README.md` */
  constructor(file: string, mistakes: readonly LessonMistake[]) {
    const shown = mistakes
      .slice(0, MOST_SHOWN)
      .map(({ line, problem, remedy }) => `${file}:${line}: ${problem} ${remedy}`);
    const more = mistakes.length - shown.length;
    if (more > 0) shown.push(`… and ${more} more.`);
    super(shown.join("\n"), { hint: "npm run check" });
    this.name = "LessonMistakes";
    this.mistakes = mistakes;
  }
}

/** Collects what is found, so that one look shows all of it. */
export class MistakeCollector {
  readonly #found: LessonMistake[] = [];

  /** Notes a mistake and goes on. */
  readonly add = (line: number, problem: string, remedy: string): undefined => {
    this.#found.push({ line, problem, remedy });
    return undefined;
  };

  /** Notes that a program is no longer what the document shows. */
  addDrift(line: number, problem: string, remedy: string): void {
    this.#found.push({ line, problem, remedy, isDrift: true });
  }

  /** In the order of the document. */
  get list(): readonly LessonMistake[] {
    return this.#found.toSorted((a, b) => a.line - b.line);
  }
}

/** `Did you mean "second"?` or `Known: app, second.` for a name that is not there. */
export function suggest(name: string, known: readonly string[]): string {
  if (known.length === 0) return "There is none.";
  const near = known.find((each) => countEdits(each, name) <= 2);
  return near === undefined ? `Known: ${known.join(", ")}.` : `Did you mean ${near}?`;
}

/** Edits from one word to the other; these words are short. */
export function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
