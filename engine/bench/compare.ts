import { median } from "./measure.ts";

/** A figure of the bench: one thing measured beside another, in the same run on the same machine. */
export interface Comparison {
  readonly name: string;
  readonly runs: number;
  readonly medianMs: number;
  readonly baseline: string;
  readonly baselineMedianMs: number;
  /** medianMs / baselineMedianMs */
  readonly ratio: number;
  readonly aim: string;
  readonly peakMiB?: number;
}

/**
 * Measures `subject` and `baseline` in turn, so that both meet the same noise, `runs` times after
 * one run of each that does not count (caches warm).
 * @param options.subject answers milliseconds, and asserts by throwing that what it timed succeeded
 */
export async function compare(options: {
  name: string;
  baselineName: string;
  aim: string;
  runs: number;
  subject: () => Promise<{ durationMs: number; peakMiB?: number | undefined }>;
  baseline: () => Promise<{ durationMs: number }>;
  progress?: (done: number, all: number) => void;
}): Promise<Comparison> {
  const subject: number[] = [];
  const baseline: number[] = [];
  let peakMiB = 0;
  for (let run = 0; run <= options.runs; run++) {
    const a = await options.subject();
    const b = await options.baseline();
    options.progress?.(run, options.runs);
    if (run === 0) continue;
    subject.push(a.durationMs);
    baseline.push(b.durationMs);
    peakMiB = Math.max(peakMiB, a.peakMiB ?? 0);
  }
  const medianMs = median(subject);
  const baselineMedianMs = median(baseline);
  return {
    name: options.name,
    runs: options.runs,
    medianMs,
    baseline: options.baselineName,
    baselineMedianMs,
    ratio: medianMs / baselineMedianMs,
    aim: options.aim,
    ...(peakMiB > 0 ? { peakMiB } : {}),
  };
}
