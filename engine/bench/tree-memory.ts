import { existsSync } from "node:fs";
import { sumOverTree } from "./process-tree.ts";

/** Whether this system says how much memory a process has of its own. */
export function canMeasureMemory(): boolean {
  return existsSync("/proc/self/smaps_rollup");
}

/** The memory of a process and of all below it, in MiB. What several of them share is counted once. */
export async function treeMemoryMiB(pid: number): Promise<number> {
  // Proportional set size: a page that n processes share counts a nth in each.
  const kiB = await sumOverTree(pid, "smaps_rollup", (text) =>
    Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0),
  );
  return kiB / 1024;
}

/** Looks again and again, until it is stopped; then it answers the most that it has seen. */
export function watchPeakMemory(pid: number): { stop(): Promise<number | undefined> } {
  if (!canMeasureMemory()) return { stop: async () => undefined };
  let peakMiB = 0;
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      peakMiB = Math.max(peakMiB, await treeMemoryMiB(pid));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await loop;
      return peakMiB;
    },
  };
}
