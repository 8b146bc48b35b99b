import { expect } from "../../../engine/grader/testkit.ts";
import type { Clock } from "./clock.ts";
import { type Attempt, bodies, type Portal } from "./portal.ts";

interface Lock {
  /** Wrong passwords until it is locked; Retry-After of the first refusal. */
  readonly lock: () => Promise<number>;
  readonly attempt: () => Attempt;
}

/** Milliseconds before a moment at which a request is sent that must arrive before it. */
const EARLY_MS = 400;
/** Redis and the programs count whole milliseconds. */
const ROUNDING_MS = 5;
const TRIES = 20;
/** More than any limit: refused attempts, if they were counted, would fill it again. */
const KNOCKS = 8;

/**
 * Retry-After, asked when the lock begins and in the middle of it, after some knocking: a second
 * before its end an attempt is refused, at its end one is let through.
 * On a busy machine a request may arrive too late to prove anything; then another lock is tried.
 */
export async function tellsTheTruth(
  clock: Clock,
  portal: Portal,
  newLock: () => Lock,
): Promise<void> {
  for (const askAgain of [false, true]) {
    for (let tries = 1; !(await proves(clock, portal, newLock(), askAgain)); tries += 1) {
      if (tries === TRIES) expect.fail("Answers take longer than a second: nothing can be said.");
    }
  }
}

async function proves(
  clock: Clock,
  portal: Portal,
  { lock, attempt }: Lock,
  askAgain: boolean,
): Promise<boolean> {
  let asked = clock.now();
  let seconds = await lock();
  let answered = clock.now();
  // The lock began with one of several requests; the later half of it is asked by a single one.
  if (askAgain) {
    await clock.reach(answered + (seconds / 2) * 1000);
    for (let knock = 1; knock <= KNOCKS; knock += 1) {
      portal.refused(await portal.login(attempt()), "In the middle of the lock.");
    }
    asked = clock.now();
    seconds = portal.refused(await portal.login(attempt()), "In the middle of the lock.");
    answered = clock.now();
  }
  if (answered - asked > 500) return false;

  if (seconds > 1) {
    await clock.reach(asked + (seconds - 1) * 1000 - EARLY_MS);
    const early = await portal.login(attempt());
    if (clock.now() >= asked + (seconds - 1) * 1000 - ROUNDING_MS) return false;
    const why = `Retry-After was ${seconds}. More than a second before that time is over, nothing is let through.`;
    portal.refused(early, why);
  }
  await clock.reach(answered + seconds * 1000 + ROUNDING_MS);
  const late = await portal.login(attempt());
  // Rounded down, the lock would still last for most of a second: a late answer tells nothing.
  if (late.status !== 429 && clock.now() - answered - seconds * 1000 > 500) return false;
  const why = `Retry-After was ${seconds}, and ${seconds} seconds have passed: the attempt is let through.`;
  portal.answered(late, 401, bodies.wrong, why);
  return true;
}
