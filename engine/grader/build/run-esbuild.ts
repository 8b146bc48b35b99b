import type { build as esbuild } from "esbuild";
import { atExit } from "../../process/at-exit.ts";

/**
 * esbuild's `build`, which ends with this process: its own process, when it is left alone in the middle of
 * its work, prints a stack trace into the terminal.
 */
export const runEsbuild: typeof esbuild = async (options) => {
  const { build, stop } = await import("esbuild");
  const forget = atExit({ endNow: () => void stop() });
  try {
    return await build(options);
  } finally {
    forget();
  }
};
