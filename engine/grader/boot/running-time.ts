import { setTimeout as delay } from "node:timers/promises";

/** Time goes by in steps: a program's loop is asked to go round, and then a pause. */
const PAUSE_MS = 100;
/** What one step counts at most, when the program has answered. */
const LONGEST_STEP_MS = 150;
const TURN_DEADLINE_MS = 2000;

interface Waiting {
  restMs: number;
  readonly onPassed: () => void;
}

/**
 * The time in which a program could run. On a busy machine it gets a share of the processor only,
 * and a deadline by the clock on the wall would then judge the machine. A program that is stuck
 * answers no turn, and its time is that on the wall.
 */
export class RunningTime {
  readonly #turn: (deadlineMs: number) => Promise<boolean>;
  readonly #waiting = new Set<Waiting>();
  #isCounting = false;

  /** @param turn asks the program's loop to go round; false when it has not, or has ended */
  constructor(turn: (deadlineMs: number) => Promise<boolean>) {
    this.#turn = turn;
  }

  /** Calls `onPassed` once the program has had `ms` milliseconds; answers what calls it off. */
  startDeadline(ms: number, onPassed: () => void): () => void {
    const one: Waiting = { restMs: ms, onPassed };
    this.#waiting.add(one);
    if (!this.#isCounting) void this.#count();
    return () => void this.#waiting.delete(one);
  }

  async #count(): Promise<void> {
    this.#isCounting = true;
    while (this.#waiting.size > 0) {
      // Those that come meanwhile begin with the next step.
      const present = [...this.#waiting];
      const began = performance.now();
      const shortest = Math.min(...present.map(({ restMs }) => restMs));
      await delay(Math.max(1, Math.min(PAUSE_MS, shortest)), undefined, {
        ref: false,
      });
      if (present.every((one) => !this.#waiting.has(one))) continue;
      const hasTurned = await this.#turn(Math.min(TURN_DEADLINE_MS, Math.max(1, shortest)));
      const passed = performance.now() - began;
      const counted = hasTurned ? Math.min(passed, LONGEST_STEP_MS) : passed;
      for (const one of present) {
        one.restMs -= counted;
        if (one.restMs > 0 || !this.#waiting.delete(one)) continue;
        one.onPassed();
      }
    }
    this.#isCounting = false;
  }
}
