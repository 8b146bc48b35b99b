import { median } from "./statistics.ts";

/** One run: it asserts by throwing that what it timed succeeded. */
export interface Measured {
  readonly durationMs: number;
  /** Where it was asked for and can be had. */
  readonly peakMiB?: number | undefined;
}

/** @param memory looks at the memory too, which takes time of its own */
export type Subject = (memory: boolean) => Promise<Measured>;

/** The runs of one subject. */
export interface Runs {
  readonly timed: readonly Measured[];
  /** A further one, whose time does not count. */
  readonly looked: Measured;
}

/**
 * Runs each of them once in every round, so that all meet the same noise. The first round does
 * not count: after it all caches are warm. Nor does the last, in which the memory is looked at.
 */
export async function measureInTurn<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>,
  runs: number,
  onProgress: (done: number, all: number) => void,
): Promise<Readonly<Record<Name, Runs>>> {
  const all = Object.entries<Subject>(subjects).map(([name, run]) => ({
    name,
    run,
    timed: [] as Measured[],
  }));
  const round = async (visit: (one: (typeof all)[number]) => Promise<void>, number: number) => {
    for (const one of all) await visit(one);
    onProgress(number, runs + 1);
  };
  await round(async ({ run }) => void (await run(false)), 0);
  for (let number = 1; number <= runs; number += 1) {
    await round(async ({ run, timed }) => void timed.push(await run(false)), number);
  }
  const found: Record<string, Runs> = {};
  await round(async ({ name, run, timed }) => {
    found[name] = { timed, looked: await run(true) };
  }, runs + 1);
  return found as Record<Name, Runs>;
}

/** What a figure says of them. */
export function summarise({ timed, looked: { peakMiB } }: Runs): {
  readonly unit: "ms";
  readonly value: number;
  readonly runs: number;
  readonly peakMiB?: number;
} {
  return {
    unit: "ms",
    value: median(timed.map(({ durationMs }) => durationMs)),
    runs: timed.length,
    ...(peakMiB === undefined ? {} : { peakMiB }),
  };
}
