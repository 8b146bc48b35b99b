import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { compare, type Comparison } from "./compare.ts";
import { timeCommand } from "./measure.ts";

/**
 * A cold `npm test solutions/<slug>` against a cold `npm exec vitest run` on twelve empty tests.
 * @throws Error when the solution did not pass every one of its checks, or vitest failed
 */
export async function benchGrading(
  repository: string,
  slug: string,
  runs: number,
  progress: (done: number, all: number) => void,
): Promise<Comparison> {
  await mkdir(path.join(repository, ".workbook"), { recursive: true });
  const folder = await mkdtemp(path.join(repository, ".workbook", "bench-"));
  try {
    const tests = Array.from({ length: 12 }, (_, n) => `test("empty ${n}", () => {});`).join("\n");
    await writeFile(
      path.join(folder, "empty.test.ts"),
      `import { test } from "vitest";\n${tests}\n`,
    );
    await writeFile(path.join(folder, "vitest.config.ts"), "export default { test: {} };\n");
    return await compare({
      name: `npm test solutions/${slug}`,
      baselineName: "npm exec vitest run on 12 empty tests",
      aim: "1.5, at most 3",
      runs,
      progress,
      subject: async () => {
        const run = await timeCommand({
          command: "npm",
          args: ["test", `solutions/${slug}`],
          cwd: repository,
          memory: true,
        });
        await assertPassed(repository, slug, run.exitCode, run.output);
        return run;
      },
      baseline: async () => {
        const run = await timeCommand({
          command: "npm",
          args: ["exec", "vitest", "run", "--", "--root", folder],
          cwd: repository,
        });
        if (run.exitCode !== 0 || !/12 passed/.test(run.output)) {
          throw new Error(`vitest did not pass its 12 tests:\n${run.output}`);
        }
        return run;
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function assertPassed(
  repository: string,
  slug: string,
  exitCode: number | null,
  output: string,
): Promise<void> {
  const source = await readFile(
    path.join(repository, "tests", "exercises", slug, "checks.ts"),
    "utf8",
  );
  const checks = source.match(/\bcheck\(\s*\d+/g)?.length ?? 0;
  const said = new RegExp(`\\b${checks} of ${checks}\\b`).test(output);
  if (exitCode !== 0 || checks === 0 || !said) {
    throw new Error(
      `the solution did not pass its ${checks} checks (exit ${exitCode}):\n${output}`,
    );
  }
}
