/** One run: it asserts by throwing that what it timed succeeded. */
export interface Measured {
  readonly durationMs: number;
  readonly peakMiB?: number | undefined;
}

/**
 * Runs each of them once in every round, so that all meet the same noise. The first round does
 * not count: after it all caches are warm. Answers the runs of each, round by round.
 */
export async function measureInTurn<Name extends string>(
  subjects: Readonly<Record<Name, () => Promise<Measured>>>,
  runs: number,
  onProgress: (done: number, all: number) => void,
): Promise<Readonly<Record<Name, Measured[]>>> {
  const names = Object.keys(subjects) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Measured[]
  >;
  for (let round = 0; round <= runs; round += 1) {
    for (const name of names) {
      const run = await subjects[name]();
      if (round > 0) measured[name].push(run);
    }
    onProgress(round, runs);
  }
  return measured;
}

/** How long each took. */
export function durations(runs: readonly Measured[]): number[] {
  return runs.map(({ durationMs }) => durationMs);
}

/** The most memory of any; nothing where it was not measured. */
export function peakOf(runs: readonly Measured[]): { peakMiB?: number } {
  const peaks = runs.flatMap(({ peakMiB }) => peakMiB ?? []);
  return peaks.length === 0 ? {} : { peakMiB: Math.max(...peaks) };
}
