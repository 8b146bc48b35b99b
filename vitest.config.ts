import { configDefaults, defineConfig } from "vitest/config";

// The workbook's own suite. Exercises are graded by engine/grader, not by vitest.
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ".workbook/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
