import { setTimeout as delay } from "node:timers/promises";
import { check, expect } from "../../../engine/grader/testkit.ts";
import { Clock } from "./clock.ts";
import { disguises } from "./disguises.ts";
import { type Attempt, bodies, Portal, rightPassword } from "./portal.ts";
import { spellings } from "./spellings.ts";
import { tellsTheTruth } from "./tells-the-truth.ts";

/** For checks that let time pass: other numbers than those of the shared program. */
const timed = { trustProxy: 1, accountLimit: 2, addressLimit: 3, windowSeconds: 7200 } as const;

/** A limit so large that, counted apart, two instances would let too many through to be overlooked. */
const shared = { ...timed, accountLimit: 5, addressLimit: 9 } as const;

/** Each update that can be lost is lost, so more than these would show nothing more. */
const AT_ONCE = 6;

export const checks = [
  check(1, "The right password signs in, a wrong one does not", {}, async (kit) => {
    const portal = new Portal(kit, 1);
    const visit = portal.visit();
    await portal.fail(visit, "A wrong password is answered 401.");
    const before = await visit.browser.get("/me");
    expect(before.status, "After a wrong password the session belongs to nobody.").toBe(401);

    await portal.signIn(visit, "The right password is answered 200, with the account's name.");
    const after = await visit.browser.get("/me");
    const why =
      "After a success the session belongs to the account: await signIn before you answer.";
    portal.answered(after, 200, { name: visit.name }, why);
  }),

  check(2, "The account locks after its limit", {}, async (kit) => {
    const portal = new Portal(kit, 2);
    const { accountLimit } = portal.settings;
    const visit = portal.visit();
    for (let failure = 1; failure <= accountLimit; failure += 1) {
      await portal.fail(
        visit,
        `accountLimit is ${accountLimit}: wrong password ${failure} is still answered 401.`,
      );
    }
    const next = await portal.login(visit);
    const why = `accountLimit is ${accountLimit}: attempt ${accountLimit + 1} is refused.`;
    portal.refusedInForm(next, why);
  }),

  check(3, "A locked account refuses the right password too", {}, async (kit) => {
    const portal = new Portal(kit, 3);
    const visit = portal.visit();
    await portal.lockAccount(visit);
    const asked = portal.verified(visit.name);
    const answer = await portal.login({ ...visit, password: rightPassword });
    portal.refused(
      answer,
      "While the account is locked even the right password is refused: else guessing goes on.",
    );
    const calls = portal.verified(visit.name) - asked;
    expect(calls, "Calls of verifyPassword: decide about 429 before it is called.").toBe(0);
  }),

  check(4, "A success sets the account's count to 0", {}, async (kit) => {
    const portal = new Portal(kit, 4);
    const { accountLimit } = portal.settings;
    const visit = portal.visit();
    for (let failure = 1; failure < accountLimit; failure += 1) {
      await portal.fail(visit, `Failure ${failure} of the ${accountLimit} that are allowed.`);
    }
    await portal.signIn(visit, "The account has an attempt left, so the right password signs in.");
    const later = { ...visit, address: portal.address() };
    for (let failure = 1; failure < accountLimit; failure += 1) {
      const why = `A success gives back all ${accountLimit} attempts; this is failure ${failure} after it.`;
      await portal.fail(later, why);
    }
    // An account that never locks again would pass the above.
    const again = `A success gives back all ${accountLimit} attempts, and not more.`;
    await portal.lock(() => later, 1, again);
  }),

  check(5, "One account has one count, however its name is typed", {}, async (kit) => {
    const portal = new Portal(kit, 5);
    const visit = portal.visit();
    const typed = spellings(visit.name);
    const answer = await portal.login({
      ...visit,
      name: typed(0),
      password: rightPassword,
    });
    const why = "The name in the answer is lower case, without blanks around it.";
    portal.answered(answer, 200, { name: visit.name }, why);
    let number = 0;
    await portal.lock(() => {
      number += 1;
      return { ...visit, name: typed(number) };
    }, portal.settings.accountLimit);
  }),

  check(6, "Unknown names look like known ones", {}, async (kit) => {
    const portal = new Portal(kit, 6);
    const { accountLimit } = portal.settings;
    const known = portal.visit();
    const unknown = { ...portal.visit(), name: portal.nobody() };
    await portal.fail(known, "A wrong password is answered 401.");
    await portal.fail(unknown, "A name without an account is answered like a wrong password.");
    let status = 401;
    for (let attempt = 2; status !== 429 && attempt <= accountLimit + 2; attempt += 1) {
      const one = await portal.login(known);
      const other = await portal.login(unknown);
      const why = `Attempt ${attempt} looks the same for a name without an account as for one with: else the login tells who is a patient.`;
      expect(other.status, why).toBe(one.status);
      expect(other.text, why).toBe(one.text);
      status = other.status;
    }
    expect(status, `accountLimit is ${accountLimit}: both names are locked by now.`).toBe(429);
  }),

  check(7, "The address locks after its limit", {}, async (kit) => {
    const portal = new Portal(kit, 7);
    const { addressLimit } = portal.settings;
    const address = portal.address();
    for (let failure = 1; failure <= addressLimit; failure += 1) {
      const why = `addressLimit is ${addressLimit}: failure ${failure} from one address, each for another account, is still answered 401.`;
      await portal.fail({ name: portal.patient(), address }, why);
    }
    const name = portal.patient();
    const next = await portal.login({ name, password: rightPassword, address });
    const why = `addressLimit is ${addressLimit}: after so many failures every attempt from there is refused, for every account.`;
    portal.refused(next, why);
    expect(
      portal.verified(name),
      "Calls of verifyPassword: decide about 429 before it is called.",
    ).toBe(0);
    const neighbour = { name, address: portal.address() };
    await portal.signIn(neighbour, "Other addresses are not concerned by the lock of one.");
  }),

  check(8, "A success leaves the address's count as it was", {}, async (kit) => {
    const portal = new Portal(kit, 8);
    const { addressLimit } = portal.settings;
    const office = portal.address();
    for (let success = 1; success <= addressLimit + 1; success += 1) {
      const why = `Success ${success} from one address: successes do not count against it.`;
      await portal.signIn({ name: portal.patient(), address: office }, why);
    }
    for (let failure = 1; failure < addressLimit; failure += 1) {
      const why = `Failure ${failure} of the ${addressLimit} that the address is allowed, whatever succeeded there before.`;
      await portal.fail({ name: portal.patient(), address: office }, why);
    }
    const own = { name: portal.patient(), address: office };
    await portal.signIn(own, "The address has an attempt left, so the right password signs in.");
    const lock =
      "The success of one account must not give the address new attempts against others.";
    await portal.lock(portal.fromAddress(office), 1, lock);
  }),

  check(9, "A refused attempt counts nowhere", {}, async (kit) => {
    const portal = new Portal(kit, 9);
    const { accountLimit, addressLimit } = portal.settings;
    const knocking = portal.visit();
    await portal.lockAccount(knocking);
    // The lock itself took as many failures as the account is allowed, and was refused once.
    for (let knock = accountLimit + 1; knock <= addressLimit; knock += 1) {
      portal.refused(await portal.login(knocking), "The account is locked.");
    }
    const colleague = { name: portal.patient(), address: knocking.address };
    await portal.signIn(colleague, "Attempts at a locked account do not count for the address.");

    const blocked = portal.address();
    await portal.lockAddress(blocked);
    const name = portal.patient();
    for (let knock = 1; knock <= accountLimit; knock += 1) {
      portal.refused(await portal.login({ name, address: blocked }), "The address is locked.");
    }
    const why =
      "Attempts from a locked address do not count for the account: else it can lock out everybody.";
    await portal.signIn({ name, address: portal.address() }, why);
  }),

  check(10, "An account is locked for everybody", {}, async (kit) => {
    const portal = new Portal(kit, 10);
    const name = portal.patient();
    const why =
      "Each attempt came from another address and a browser without cookies: they are one count all the same.";
    await portal.lock(
      () => ({ name, address: portal.address() }),
      portal.settings.accountLimit,
      why,
    );
    const elsewhere = { name, password: rightPassword, address: portal.address() };
    portal.refused(await portal.login(elsewhere), "The account is locked for every address.");
  }),

  check(11, "The address is the one that cannot be forged", {}, async (kit) => {
    const proxied = new Portal(kit, 11);
    const real = proxied.address();
    const forged =
      "With trustProxy 1 only the last entry of X-Forwarded-For counts: the visitor wrote the others.";
    await proxied.lock(
      () => ({ name: proxied.patient(), address: `${proxied.address()}, ${real}` }),
      proxied.settings.addressLimit,
      forged,
    );
    const other = { name: proxied.patient(), address: `${real}, ${proxied.address()}` };
    await proxied.signIn(other, forged);

    const bare = new Portal(await kit.start({ trustProxy: false }), 11);
    const ignored =
      "With trustProxy false the header comes from a stranger: the address is that of the connection.";
    await bare.lock(
      () => ({ name: bare.patient(), address: bare.address() }),
      bare.settings.addressLimit,
      ignored,
    );
  }),

  check(12, "Retry-After is true", { needs: "own", settings: timed }, async (kit) => {
    await tellsTheTruth(new Clock(kit), new Portal(kit, 12));
  }),

  check(
    13,
    "A window after the last failure, all is open again",
    { needs: "own", settings: timed },
    async (kit) => {
      const portal = new Portal(kit, 13);
      const { accountLimit, addressLimit, windowSeconds } = portal.settings;
      const visit = portal.visit();
      const address = portal.address();
      const clock = new Clock(kit);
      const accountSince = clock.now();
      await portal.lockAccount(visit);
      const addressSince = clock.now();
      await portal.lockAddress(address);
      const since = clock.now();
      // Where attempts come back one by one, the first does after this time.
      const knock = async (lock: string, limit: number, beganMs: number, attempt: Attempt) => {
        const least = windowSeconds / limit;
        await clock.reach(beganMs + (least - 3) * 1000);
        const answer = await portal.login(attempt);
        // On a busy machine it may come too late to prove anything.
        if (clock.now() >= beganMs + least * 1000) return;
        const why = `${lock} is ${limit} and windowSeconds ${windowSeconds}: its lock lasts ${least} seconds at least. 3 seconds before that, nothing is let through.`;
        portal.refused(answer, why);
      };
      // In the order of their times.
      await knock("addressLimit", addressLimit, addressSince, { name: portal.patient(), address });
      await knock("accountLimit", accountLimit, accountSince, visit);

      await clock.reach(since + windowSeconds * 1000 + 5);
      const whole = `windowSeconds is ${windowSeconds}, and so much time has passed since the last counted failure.`;
      for (let failure = 1; failure <= accountLimit; failure += 1) {
        const why = `${whole} The account has all its ${accountLimit} attempts again; this is attempt ${failure}.`;
        await portal.fail({ ...visit, address: portal.address() }, why);
      }
      for (let failure = 1; failure <= addressLimit; failure += 1) {
        const why = `${whole} The address has all its ${addressLimit} attempts again; this is attempt ${failure}.`;
        await portal.fail({ name: portal.patient(), address }, why);
      }
    },
  ),

  check(14, "Attempts at the same moment are counted too", {}, async (kit) => {
    const portal = new Portal(kit, 14);
    const { accountLimit } = portal.settings;
    const visit = { name: portal.patient(), address: portal.address() };
    const { name } = visit;
    const answers = await portal.burst(Array.from({ length: AT_ONCE }, () => visit));
    const calls = portal.verified(name);
    const why = `accountLimit is ${accountLimit}: of ${AT_ONCE} wrong passwords at the same moment, no more may reach verifyPassword.`;
    expect(calls, why).toBeLessThanOrEqual(accountLimit);
    for (const answer of answers) {
      if (answer.status === 429) portal.refused(answer, "");
      else
        portal.answered(
          answer,
          401,
          bodies.wrong,
          `Each of the ${AT_ONCE} is answered 401 or 429.`,
        );
    }
    const failed = answers.filter(({ status }) => status === 401).length;
    expect(failed, `Some of the ${AT_ONCE} are within the limit.`).toBeGreaterThan(0);
    portal.refused(
      await portal.login({ name, address: portal.address() }),
      "The account is locked now.",
    );
  }),

  check(15, "No key stays for ever", { needs: "own", settings: timed }, async (kit) => {
    const portal = new Portal(kit, 15);
    const { accountLimit, windowSeconds } = portal.settings;
    const allExpire = async (when: string) => {
      const keys = await kit.redis.keys();
      const immortal = keys.filter(({ ttlMs }) => ttlMs === undefined).map(({ name }) => name);
      expect(immortal, `Keys without a TTL ${when}: they would stay for ever.`).toEqual([]);
    };
    const sent = async (attempt: Attempt, what: string) =>
      await kit.stepThrough(
        () => portal.login(attempt),
        () => allExpire(`if the process dies in the middle of ${what}`),
      );

    const visit = portal.visit();
    let attempt = 0;
    await portal.lockBy(() => {
      attempt += 1;
      return sent(visit, `attempt ${attempt}, with a wrong password`);
    }, accountLimit);
    const other = { ...portal.visit(), password: rightPassword };
    const right = await sent(other, "a success");
    portal.answered(right, 200, { name: other.name }, "The right password signs in.");

    // The window ends while a password is verified.
    const slow = portal.visit();
    const verifier = kit.doors.hold("verifyPassword");
    const answer = portal.login({ ...slow, password: rightPassword, deadlineMs: 10_000 });
    try {
      await verifier.waiting(1);
      await kit.travel((windowSeconds + 1) * 1000);
    } finally {
      verifier.release();
    }
    portal.answered(await answer, 200, { name: slow.name }, "The right password signs in.");
    await allExpire("when the window ends while verifyPassword is at work");
  }),

  check(16, "The counts are in Redis", { needs: "own", settings: shared }, async (kit) => {
    const portal = new Portal(kit, 16);
    const { accountLimit } = portal.settings;
    const second = await kit.secondInstance();
    const visit = portal.visit();
    let turn = 0;
    const why =
      "Two instances of the app share one count: the failures that each has seen are added.";
    await portal.lock(
      () => ({ ...visit, to: (turn += 1) % 2 === 0 ? second : undefined }),
      accountLimit,
      why,
    );
    await kit.restart(kit.program());
    const right = { ...visit, password: rightPassword };
    portal.refused(await portal.login(right), "After a restart the account is still locked.");
  }),

  check(17, "Without Redis nobody gets in", { needs: "own", waits: true }, async (kit) => {
    const portal = new Portal(kit, 17);
    await portal.fail(portal.visit(), "With Redis, a wrong password is answered 401.");
    const outages = [
      { name: "Redis is gone", begin: kit.cutRedis },
      { name: "Redis is there and does not answer", begin: kit.stallRedis },
    ];
    for (const { name: outage, begin } of outages) {
      await begin();
      const attempts = [portal.guess(), rightPassword].map((password) => ({
        name: portal.patient(),
        password,
        address: portal.address(),
        deadlineMs: 2000,
      }));
      const answers = await Promise.all(attempts.map((attempt) => portal.login(attempt)));
      for (const answer of answers) {
        const isLetThrough = answer.status === 200 || answer.status === 401;
        const reason = isLetThrough ? "without the counts nobody may guess, so " : "";
        const why = `${outage}: ${reason}each login is answered 503 within 2 seconds.`;
        portal.answered(answer, 503, bodies.unavailable, why);
      }
      for (const { name } of attempts) {
        expect(portal.verified(name), `${outage}: verifyPassword is not called.`).toBe(0);
      }
      await kit.restoreRedis();

      const until = performance.now() + 5000;
      const visit = { ...portal.visit(), password: rightPassword };
      let answer = await portal.login(visit);
      while (answer.status !== 200 && performance.now() < until) {
        await delay(20);
        answer = await portal.login(visit);
      }
      const again = `${outage}, and then it is back: within 5 seconds logins work again.`;
      portal.answered(answer, 200, { name: visit.name }, again);
    }
  }),

  check(18, "Redis never sees a password", {}, async (kit) => {
    const portal = new Portal(kit, 18);
    const visit = portal.visit();
    const guess = portal.guess();
    const neverSent = (password: string) => {
      const sent = kit.redis.sent();
      for (const [disguise, text] of disguises(password, kit.secret)) {
        const found = sent.find((each) => each.includes(text));
        kit.show("What Redis was sent", found === undefined ? [] : [found]);
        const why = `Redis was sent the password "${password}" ${disguise}.`;
        expect(found === undefined, why).toBe(true);
      }
    };
    await portal.fail({ ...visit, password: guess }, "A wrong password is answered 401.");
    await kit.quiet();
    neverSent(guess);
    await portal.signIn(visit, "The right password signs in.");
    await kit.quiet();
    for (const password of [guess, rightPassword]) neverSent(password);
  }),
];
