import { existsSync, readFileSync } from "node:fs";
import { pidtree } from "pidtree";

/** Whether this system says how much memory a process has of its own. */
export function canMeasureMemory(): boolean {
  return existsSync("/proc/self/smaps_rollup");
}

/** The memory of a process and of all below it, in MiB. What several of them share is counted once. */
export async function treeMemoryMiB(pid: number): Promise<number> {
  const pids = await pidtree(pid, { root: true }).catch(() => []);
  return pids.map(proportionalMiB).reduce((total, mib) => total + mib, 0);
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

/** How long the processors have worked for a process and all below it that live, in milliseconds. */
export async function treeWorkMs(pid: number): Promise<number> {
  const pids = await pidtree(pid, { root: true }).catch(() => []);
  return pids.map(workMs).reduce((total, ms) => total + ms, 0);
}

/** Proportional set size: a page that n processes share counts a nth in each. */
function proportionalMiB(pid: number): number {
  const match = /^Pss:\s+(\d+) kB$/m.exec(read(pid, "smaps_rollup"));
  return Number(match?.[1] ?? 0) / 1024;
}

const MS_PER_TICK = 10;

function workMs(pid: number): number {
  const text = read(pid, "stat");
  // The name, in parentheses, may hold blanks; user and system time are the 12th and 13th after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * MS_PER_TICK;
}

/** Empty for a process that has ended meanwhile. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}
