import { expect } from "../../../engine/grader/testkit.ts";
import type { Clock } from "./clock.ts";
import { type Attempt, bodies, type Portal } from "./portal.ts";

interface Lock {
  /** Makes it, and asks at once how long it lasts. */
  readonly lock: () => Promise<Claim>;
  readonly attempt: () => Attempt;
}

/** A Retry-After, and when it was said. */
interface Claim {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly seconds: number;
}

/** Milliseconds before a moment at which a request is sent that must arrive before it. */
const EARLY_MS = 400;
/** Redis and the programs count whole milliseconds. */
const ROUNDING_MS = 5;
/**
 * Retry-After is asked once in each part of a second: whatever is left then, it is rounded up. These are more
 * than any limit, too: refused attempts, if they were counted, would fill it again.
 */
const PARTS_OF_A_SECOND_MS = [0, 250, 500, 750];
const TRIES = 20;

/** Asks for a Retry-After and notes the time. */
export async function claim(clock: Clock, ask: () => Promise<number>): Promise<Claim> {
  const askedMs = clock.now();
  const seconds = await ask();
  if (!(seconds > 0)) expect.fail("429 needs Retry-After in whole seconds, at least 1.");
  return { askedMs, answeredMs: clock.now(), seconds };
}

/**
 * Retry-After, asked when the lock begins and in the middle of it: a second before its end an attempt is
 * refused, at its end one is let through.
 * On a busy machine a request may arrive too late to prove anything; then another lock is tried.
 */
export async function tellsTheTruth(
  clock: Clock,
  portal: Portal,
  newLock: () => Lock,
  { askAgain = true, also = "" } = {},
): Promise<void> {
  for (let tries = 1; !(await proves(clock, portal, newLock(), askAgain, also)); tries += 1) {
    if (tries === TRIES) expect.fail("Answers take longer than a second: nothing can be said.");
  }
}

async function proves(
  clock: Clock,
  portal: Portal,
  { lock, attempt }: Lock,
  askAgain: boolean,
  also: string,
): Promise<boolean> {
  const first = await lock();
  const claims = [first];
  if (askAgain) {
    await clock.reach(first.answeredMs + (first.seconds / 2) * 1000);
    const sinceMs = clock.now();
    for (const partMs of PARTS_OF_A_SECOND_MS) {
      await clock.reach(sinceMs + partMs);
      const ask = async () =>
        portal.refused(await portal.login(attempt()), "In the middle of the lock.");
      claims.push(await claim(clock, ask));
    }
  }
  if (claims.some(({ askedMs, answeredMs }) => answeredMs - askedMs > 500)) return false;

  const longest = claims.reduce((one, other) => (shutUntil(other) > shutUntil(one) ? other : one));
  if (longest.seconds > 1) {
    await clock.reach(shutUntil(longest) - EARLY_MS);
    const early = await portal.login(attempt());
    if (clock.now() >= shutUntil(longest) - ROUNDING_MS) return false;
    const why = `Retry-After was ${longest.seconds}. More than a second before that time is over, nothing is let through.`;
    portal.refused(early, why + also);
  }
  const shortest = claims.reduce((one, other) => (openFrom(other) < openFrom(one) ? other : one));
  await clock.reach(openFrom(shortest) + ROUNDING_MS);
  const late = await portal.login(attempt());
  // Rounded to the nearest second, the lock would still last for some 0.25 s: a late answer tells nothing.
  if (late.status !== 429 && clock.now() - openFrom(shortest) > 200) return false;
  const why = `Retry-After was ${shortest.seconds}, and ${shortest.seconds} seconds have passed: the attempt is let through.`;
  portal.answered(late, 401, bodies.wrong, why + also);
  return true;
}

/** Until this moment, says a claim, nothing is let through. */
function shutUntil({ askedMs, seconds }: Claim): number {
  return askedMs + (seconds - 1) * 1000;
}

/** From this moment on, says a claim, attempts are let through. */
function openFrom({ answeredMs, seconds }: Claim): number {
  return answeredMs + seconds * 1000;
}
