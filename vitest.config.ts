import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

const DEEP = "tests/**/*.deep.test.ts";
const LEFT_OUT = [...configDefaults.exclude, ".workbook/**"];

// The workbook's own suite. Exercises are graded by engine/grader, not by vitest.
export default defineConfig({
  test: {
    exclude: LEFT_OUT,
    // Its default is one less than there are cores: on two cores the other one would idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      // `npm test`: does the workbook work here?
      {
        extends: true,
        test: {
          name: "quick",
          include: ["tests/**/*.test.ts"],
          exclude: [...LEFT_OUT, DEEP],
        },
      },
      // `npm test deep`: whole sessions in a terminal, and everything that a submission may do amiss.
      { extends: true, test: { name: "deep", include: [DEEP] } },
    ],
  },
});
