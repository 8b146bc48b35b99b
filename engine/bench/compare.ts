import type { Aim, Figure } from "./figure.ts";
import { measureInTurn, type Subject, summarise } from "./measure-in-turn.ts";

/** Measures one thing beside another, in turn. */
export async function compare(options: {
  readonly name: string;
  readonly besideName: string;
  readonly aim?: Aim;
  readonly runs: number;
  readonly subject: Subject;
  readonly beside: Subject;
  readonly onProgress: (done: number, all: number) => void;
}): Promise<Figure> {
  const { name, besideName, aim, runs, subject, beside, onProgress } = options;
  const measured = await measureInTurn({ subject, beside }, runs, onProgress);
  return {
    name,
    ...summarise(measured.subject),
    beside: { name: besideName, value: summarise(measured.beside).value },
    ...(aim && { aim }),
  };
}
