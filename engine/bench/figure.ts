/** What one measurement of `npm run bench` found. */
export interface Figure {
  readonly name: string;
  readonly unit: "ms" | "MiB";
  /** The median of the runs. */
  readonly value: number;
  readonly runs: number;
  /** The value that 95 % of the runs do not exceed. */
  readonly percentile95?: number;
  /** What was measured in the same rounds, to tell a slow machine from slow code. */
  readonly beside?: { readonly name: string; readonly value: number };
  /** The highest memory of the process tree that was seen. */
  readonly peakMiB?: number;
  readonly aim?: Aim;
}

/** What a figure should be at most. */
export interface Aim {
  /** Of the value itself, or of how many times what stands beside it. */
  readonly of: "value" | "ratio";
  readonly most: number;
  /** What is still allowed, where the aim is better than needed. */
  readonly limit?: number;
}

/** What every measurement is given. */
export interface BenchOptions {
  /** Absolute path of the workbook that is measured. */
  readonly repository: string;
  /** The workbook with the solutions in place of the learner's work: made once, when it is first needed. */
  readonly solved: () => Promise<string>;
  readonly runs: number;
  readonly onProgress: (done: number, all: number) => void;
}

/** How many times the value is of what stands beside it. */
export function ratioOf({ value, beside }: Figure): number | undefined {
  return beside === undefined ? undefined : value / beside.value;
}

/** Whether the aim is met; undefined where there is none. */
export function judgeFigure(figure: Figure): "met" | "within the limit" | "missed" | undefined {
  const { aim } = figure;
  if (aim === undefined) return undefined;
  const is = aim.of === "value" ? figure.value : (ratioOf(figure) ?? Infinity);
  if (is <= aim.most) return "met";
  return is <= (aim.limit ?? aim.most) ? "within the limit" : "missed";
}
