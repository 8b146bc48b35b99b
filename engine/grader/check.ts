import type { Kit } from "./kit.ts";

/** A hidden check: one numbered behaviour of the exercise's README, seen from outside. */
export interface Check {
  readonly number: number;
  /** The behaviour in a sentence, the same as the bold one in the README. */
  readonly title: string;
  readonly options: CheckOptions;
  readonly run: (kit: Kit) => Promise<void>;
}

export interface CheckOptions {
  /**
   * `own`: the check gets a boot of its own (programs that have just been loaded, an empty Redis), because it lets time
   * pass, restarts, takes Redis away, or looks at all keys. Checks without it share one
   * boot, run in any order and side by side, and keep to accounts, addresses and keys of their own.
   */
  readonly needs?: "own";
  /** Nearly all of its time is spent waiting, as in an outage: it is begun first, and beside the others. Only with `needs: "own"`. */
  readonly waits?: true;
  /** Settings of its own boot, laid over those of the exercise. Only with `needs: "own"`. */
  readonly settings?: object;
  /** Milliseconds until it is called off; default 30,000. Requests have a deadline of their own, so this is a last resort. */
  readonly deadlineMs?: number;
}

/** Lists one check. It fails by what it throws: an assertion of `expect`, or the death of the submission. */
export function check(
  number: number,
  title: string,
  options: CheckOptions,
  run: (kit: Kit) => Promise<void>,
): Check {
  return { number, title, options, run };
}
