import { expect } from "../../../engine/grader/testkit.ts";
import type { Clock } from "./clock.ts";
import { type Attempt, bodies, type Portal } from "./portal.ts";

/** A Retry-After, and when it was said. */
interface Claim {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly seconds: number;
}

/** Something to try at a moment. */
interface Trial {
  readonly atMs: number;
  /** Answers what to try after it; undefined when it came too late to prove anything. */
  readonly run: () => Promise<readonly Trial[] | undefined>;
}

/** Milliseconds before a moment at which a request is sent that must arrive before it. */
const EARLY_MS = 400;
/** Redis and the programs count whole milliseconds. */
const ROUNDING_MS = 5;
/** Trials that are so close to each other take place at the moment of the last one. */
const TOGETHER_MS = 50;
/** Between the two locks that one attempt meets. */
const GAP_MS = 5000;
/**
 * Retry-After is asked in two parts of a second: more or less than half of one is left then, and it is rounded up.
 * With the trial before the end these are as many as any limit: refused attempts, if they were counted, would fill
 * it again.
 */
const PARTS_OF_A_SECOND_MS = [250, 750];
/** An answer that takes longer says nothing about when it was given. */
const SLOW_MS = 500;
const TRIES = 20;

/**
 * Retry-After of a locked account, of a locked address, and of attempts that meet both locks: a second
 * before its end an attempt is refused, at its end one is let through. All are watched on one journey
 * through time, because each halt of it takes a while.
 * On a busy machine a request may arrive too late to prove anything; then other locks are tried.
 */
export async function tellsTheTruth(clock: Clock, portal: Portal): Promise<void> {
  for (let tries = 1; !(await proves(clock, portal)); tries += 1) {
    if (tries === TRIES) expect.fail("Answers take longer than a second: nothing can be said.");
  }
}

async function proves(clock: Clock, portal: Portal): Promise<boolean> {
  let ahead = await lockOut(clock, portal);
  while (ahead !== undefined && ahead.length > 0) {
    const untilMs = Math.min(...ahead.map(({ atMs }) => atMs)) + TOGETHER_MS;
    const next = ahead.filter(({ atMs }) => atMs <= untilMs);
    const later = ahead.filter(({ atMs }) => atMs > untilMs);
    await clock.reach(Math.max(...next.map(({ atMs }) => atMs)));
    for (const { run } of next) {
      const after = await run();
      if (after === undefined) return false;
      later.push(...after);
    }
    ahead = later;
  }
  return ahead !== undefined;
}

/**
 * Makes the locks, and answers what is to be tried of each. None is used for two things: where attempts come back
 * one by one, the trial of one lock would use up what another one waits for.
 */
async function lockOut(clock: Clock, portal: Portal): Promise<Trial[] | undefined> {
  const watch = new Watch(clock, portal);
  const visit = portal.visit();
  const office = portal.address();
  const trials = [
    ...watch.inTheMiddle(() => visit, await watch.claim(() => portal.lockAccount(visit))),
    ...watch.inTheMiddle(
      portal.fromAddress(office),
      await watch.claim(() => portal.lockAddress(office)),
    ),
  ];

  // Each meets two locks, the one of the account first and the one of the address first.
  const [one, other] = [portal.visit(), portal.visit()];
  const lockAccount = async ({ name }: Attempt) =>
    await portal.lockAccount({ name, address: portal.address() });
  await lockAccount(one);
  await portal.lockAddress(other.address);
  await clock.reach(clock.now() + GAP_MS);
  await portal.lockAddress(one.address);
  await lockAccount(other);
  for (const attempt of [one, other]) {
    const both = " Both counts are full here: Retry-After is the longer of the two.";
    const said = await watch.ask(attempt, both);
    const after = watch.atTheEnd(() => attempt, [said], both);
    if (after === undefined) return undefined;
    trials.push(...after);
  }
  return trials;
}

class Watch {
  readonly #clock: Clock;
  readonly #portal: Portal;

  constructor(clock: Clock, portal: Portal) {
    this.#clock = clock;
    this.#portal = portal;
  }

  /** Has a Retry-After said, and notes the time. */
  async claim(say: () => Promise<number>): Promise<Claim> {
    const askedMs = this.#clock.now();
    const seconds = await say();
    if (Number.isNaN(seconds))
      expect.fail("429 needs a Retry-After header with a number: there is none.");
    if (!(seconds > 0)) expect.fail("429 needs Retry-After in whole seconds, at least 1.");
    return { askedMs, answeredMs: this.#clock.now(), seconds };
  }

  async ask(attempt: Attempt, why: string): Promise<Claim> {
    return await this.claim(async () =>
      this.#portal.refused(await this.#portal.login(attempt), why),
    );
  }

  /** Asks again in the middle of a lock; then all that was said is tried at its end. */
  inTheMiddle(attempt: () => Attempt, first: Claim): Trial[] {
    const claims = [first];
    const middleMs = first.answeredMs + (first.seconds / 2) * 1000;
    const run = async () => {
      claims.push(await this.ask(attempt(), "In the middle of the lock."));
      return claims.length > PARTS_OF_A_SECOND_MS.length ? this.atTheEnd(attempt, claims) : [];
    };
    return PARTS_OF_A_SECOND_MS.map((partMs) => ({ atMs: middleMs + partMs, run }));
  }

  /** The longest time that was said, and the shortest; undefined when an answer took too long. */
  atTheEnd(attempt: () => Attempt, claims: readonly Claim[], also = ""): Trial[] | undefined {
    if (claims.some(({ askedMs, answeredMs }) => answeredMs - askedMs > SLOW_MS)) return undefined;
    const longest = claims.reduce((a, b) => (shutUntil(b) > shutUntil(a) ? b : a));
    const shortest = claims.reduce((a, b) => (openFrom(b) < openFrom(a) ? b : a));
    const early = async () => {
      const answer = await this.#portal.login(attempt());
      if (this.#clock.now() >= shutUntil(longest) - ROUNDING_MS) return undefined;
      const why = `Retry-After was ${longest.seconds}. More than a second before that time is over, nothing is let through.`;
      this.#portal.refused(answer, why + also);
      return [];
    };
    const late = async () => {
      const answer = await this.#portal.login(attempt());
      // Rounded to the nearest second, the lock would still last for some 0.25 s: a late answer tells nothing.
      if (answer.status !== 429 && this.#clock.now() - openFrom(shortest) > 200) return undefined;
      const why = `Retry-After was ${shortest.seconds}, and ${shortest.seconds} seconds have passed: the attempt is let through.`;
      this.#portal.answered(answer, 401, bodies.wrong, why + also);
      return [];
    };
    const atEnd = { atMs: openFrom(shortest) + ROUNDING_MS, run: late };
    return longest.seconds > 1
      ? [{ atMs: shutUntil(longest) - EARLY_MS, run: early }, atEnd]
      : [atEnd];
  }
}

/** Until this moment, says a claim, nothing is let through. */
function shutUntil({ askedMs, seconds }: Claim): number {
  return askedMs + (seconds - 1) * 1000;
}

/** From this moment on, says a claim, attempts are let through. */
function openFrom({ answeredMs, seconds }: Claim): number {
  return answeredMs + seconds * 1000;
}
