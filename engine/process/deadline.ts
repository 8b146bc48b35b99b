import { setTimeout as delay } from "node:timers/promises";

/** A laptop that slept, or a loop that was starved, shows as one long gap: it counts as this much. */
const LONGEST_GAP_MS = 1000;
const TICK_MS = 250;

/** Something did not happen in time. */
export class DeadlineError extends Error {
  constructor(what: string, ms: number) {
    super(`${what}: not within ${ms} ms`);
    this.name = "DeadlineError";
  }
}

/** Calls `onPassed` after `ms` milliseconds by some measure of time; answers what calls it off. */
export type StartDeadline = (ms: number, onPassed: () => void) => () => void;

/**
 * Calls `onPassed` once `ms` milliseconds of running time have passed. Time in which this process
 * did not run (suspended, asleep) counts at most a second, so it makes no false timeouts.
 * Returns the function that calls it off.
 */
export function startDeadline(ms: number, onPassed: () => void): () => void {
  let last = performance.now();
  let used = 0;
  let timer: NodeJS.Timeout;
  const arm = () => {
    timer = setTimeout(tick, Math.min(TICK_MS, Math.max(1, ms - used)));
  };
  const tick = () => {
    const now = performance.now();
    used += Math.min(now - last, LONGEST_GAP_MS);
    last = now;
    // Timers may fire a fraction of a millisecond early.
    if (used >= ms - 0.5) onPassed();
    else arm();
  };
  arm();
  return () => clearTimeout(timer);
}

/**
 * The promise's outcome, or a DeadlineError that names `what` after `ms` milliseconds of running time.
 * The work itself is not stopped. `start` measures another time.
 */
export async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  what: string,
  start: StartDeadline = startDeadline,
): Promise<T> {
  let callOff: (() => void) | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    callOff = start(ms, () => reject(new DeadlineError(what, ms)));
  });
  try {
    return await Promise.race([promise, passed]);
  } finally {
    callOff?.();
  }
}

/**
 * Asks again and again, at first every millisecond and later every 20, until the condition holds.
 * False when it did not within `deadlineMs` of running time.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  deadlineMs: number,
): Promise<boolean> {
  let passed = false;
  const callOff = startDeadline(deadlineMs, () => {
    passed = true;
  });
  try {
    for (let pauseMs = 1; ; pauseMs = Math.min(20, pauseMs * 1.5)) {
      if (await condition()) return true;
      if (passed) return false;
      await delay(pauseMs);
    }
  } finally {
    callOff();
  }
}
