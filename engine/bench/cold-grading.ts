import { readdir } from "node:fs/promises";
import path from "node:path";
import { countChecks } from "../work/count-checks.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { type Measured, measureInTurn, summarise } from "./measure-in-turn.ts";
import { timeCommand } from "./run-command.ts";
import { EMPTY_SUITE } from "./solved-workbook.ts";

export const EMPTY_SUITE_NAME = "`npm exec vitest run` on 12 empty tests";

/**
 * A cold grading of each exercise's solution beside a cold vitest that has nothing to do; and all
 * of them together beside the sum of the single ones.
 * @throws Error when a solution did not pass every one of its checks, or vitest failed
 */
export async function benchColdGrading(options: BenchOptions): Promise<Figure[]> {
  const { runs, onProgress } = options;
  const root = await options.solved();
  const slugs = (await readdir(path.join(root, "solutions"))).toSorted();
  const single = slugs.map(
    (slug) => [slug, async (memory: boolean) => await gradeOne(root, slug, memory)] as const,
  );
  const measured = await measureInTurn<string>(
    {
      ...Object.fromEntries(single),
      empty: async () => await runEmptySuite(root),
      together: async (memory) => await gradeAll(root, slugs.length, memory),
    },
    runs,
    onProgress,
  );
  const of = (name: string) => {
    const one = measured[name];
    if (one === undefined) throw new Error(`${name} was not measured`);
    return summarise(one);
  };
  const singles = slugs.map((slug): Figure => ({
    name: `\`npm test solutions/${slug}\`, cold`,
    ...of(slug),
    beside: { name: EMPTY_SUITE_NAME, value: of("empty").value },
    aim: { of: "ratio", most: 1.5, limit: 3 },
  }));
  const together: Figure = {
    name: "`npm test exercises`, cold, each of them solved",
    ...of("together"),
    beside: {
      name: `the sum of the ${slugs.length} above`,
      value: singles.reduce((sum, { value }) => sum + value, 0),
    },
    aim: { of: "ratio", most: 0.7 },
  };
  return [...singles, together];
}

/** A cold run of vitest that has nothing to do. */
export async function runEmptySuite(root: string): Promise<Measured> {
  const run = await timeCommand({
    command: "npm",
    args: ["exec", "vitest", "run", "--", "--root", path.join(root, EMPTY_SUITE)],
    cwd: root,
  });
  assertPrinted(run.output, /12 passed/);
  return run;
}

async function gradeOne(root: string, slug: string, memory: boolean): Promise<Measured> {
  const args = ["test", `solutions/${slug}`];
  const run = await timeCommand({ command: "npm", args, cwd: root, memory });
  const checks = await countChecks(root, slug);
  if (checks === 0) throw new Error(`${slug} states no behaviours`);
  assertPrinted(run.output, new RegExp(`\\b${checks} of ${checks}\\b`));
  return run;
}

async function gradeAll(root: string, count: number, memory: boolean): Promise<Measured> {
  const args = ["test", "exercises"];
  const run = await timeCommand({ command: "npm", args, cwd: root, memory });
  assertPrinted(run.output, new RegExp(`\\b${count} of ${count} exercises pass`));
  return run;
}

function assertPrinted(output: string, what: RegExp): void {
  if (!what.test(output)) throw new Error(`${what} was not printed, but:\n${output}`);
}
