import type { Aim, Figure } from "./figure.ts";
import { durations, type Measured, measureInTurn, peakOf } from "./measure-in-turn.ts";
import { median } from "./statistics.ts";

/** Measures one thing beside another, in turn. */
export async function compare(options: {
  readonly name: string;
  readonly besideName: string;
  readonly aim?: Aim;
  readonly runs: number;
  readonly subject: () => Promise<Measured>;
  readonly beside: () => Promise<Measured>;
  readonly onProgress: (done: number, all: number) => void;
}): Promise<Figure> {
  const { name, besideName, aim, runs, subject, beside, onProgress } = options;
  const measured = await measureInTurn({ subject, beside }, runs, onProgress);
  return {
    name,
    unit: "ms",
    value: median(durations(measured.subject)),
    runs,
    beside: { name: besideName, value: median(durations(measured.beside)) },
    ...peakOf(measured.subject),
    ...(aim && { aim }),
  };
}
