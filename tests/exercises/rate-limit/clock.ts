import type { Kit } from "../../../engine/grader/testkit.ts";

/** The time of one check: what really passes, and what it travels. */
export class Clock {
  readonly #kit: Kit;
  #travelledMs = 0;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  /** Milliseconds; only differences mean something. */
  now(): number {
    return performance.now() + this.#travelledMs;
  }

  /** Travels until this moment, if it has not come yet. */
  async reach(ms: number): Promise<void> {
    const aheadMs = Math.ceil(ms - this.now());
    if (aheadMs <= 0) return;
    await this.#kit.travel(aheadMs);
    this.#travelledMs += aheadMs;
  }
}
