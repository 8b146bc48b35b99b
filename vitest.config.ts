import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

// The workbook's own suite. Exercises are graded by engine/grader, not by vitest.
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ".workbook/**"],
    // Its default is one less than there are cores: on two cores the other one would idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
