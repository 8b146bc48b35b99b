import { waitUntil } from "../process/deadline.ts";
import { sumOverTree } from "./process-tree.ts";

const DEADLINE_MS = 60_000;
/** At rest is who works no more than a tick of the system's clock in this time. */
const REST_MS = 500;
const MS_PER_TICK = 10;

/**
 * Waits until a process and all below it have nothing more to do, as after a learner's pause.
 * @throws Error when that does not happen
 */
export async function comeToRest(pid: number): Promise<void> {
  let since = performance.now();
  let worked = await workMs(pid);
  const isAtRest = await waitUntil(async () => {
    const now = await workMs(pid);
    // Less: a process has ended.
    if (Math.abs(now - worked) > MS_PER_TICK) {
      worked = now;
      since = performance.now();
    }
    return performance.now() - since > REST_MS;
  }, DEADLINE_MS);
  if (!isAtRest) throw new Error(`Process ${pid} did not come to rest within ${DEADLINE_MS} ms`);
}

/** How long the processors have worked for them. */
async function workMs(pid: number): Promise<number> {
  return await sumOverTree(pid, "stat", (text) => {
    // The name, in parentheses, may hold blanks; user and system time are the 12th and 13th after it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * MS_PER_TICK;
  });
}
