import { setTimeout as delay } from "node:timers/promises";
import { type Answer, check, expect } from "../../../engine/grader/testkit.ts";
import { cookieTexts } from "./cookie-texts.ts";
import { dayFromNow, Desk, errorFields } from "./desk.ts";
import { steps } from "./starter/steps.ts";
import { WatchedPost } from "./watched-post.ts";

/** For checks that let time pass: other numbers than those of the shared program. */
const timed = { draftSeconds: 7 * 86_400, bookingSeconds: 120, maxAnswerLength: 60 } as const;
/** For checks of many requests. */
const LONG_MS = 60_000;
/** And for the one that is patient with answers that wait. */
const LONGER_MS = 90_000;
/** A submit that has no answer after so long waits for the other one, which is held. */
const WAITS_MS = 5000;
const PATIENT_MS = 30_000;
/** For a page that needs no Redis; a program that asks Redis for it has no answer while that is held. */
const NOWHERE_MS = 2000;
/** What is counted, in a report. */
const CALLS = "calls of saveBooking";
const JSON_TYPE = { headers: { "Content-Type": "application/json" } } as const;

export const checks = [
  check(1, "A valid step is saved and leads to the next", {}, async (kit) => {
    const desk = new Desk(kit, 1);
    const lorry = desk.lorry();
    const browser = kit.browser();
    await desk.shows(browser, "crossing", {}, "A new browser has an empty first step.");
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1];
      const path = next === undefined ? "/review" : `/booking/${next}`;
      const answer = await desk.save(browser, step, lorry[step]);
      desk.leadsTo(answer, path, `The answers of ${step} are valid.`);
      desk.isSeeOther(answer);
      if (next !== undefined) {
        await desk.shows(browser, next, {}, `After ${step} comes ${next}, which is empty.`);
      }
    }
    await desk.reviews(browser, lorry, "When all steps are saved, /review has all answers.");
    for (const step of steps) {
      const why = `GET /booking/${step} shows what was saved, without errors.`;
      await desk.shows(browser, step, lorry[step], why);
    }
  }),

  check(2, "An invalid step is refused field by field", {}, async (kit) => {
    const desk = new Desk(kit, 2);
    const lorry = desk.lorry();
    const browser = kit.browser();
    await desk.fill(browser, lorry, ["crossing"]);
    const both = await desk.save(browser, "vehicle", { plate: "?!", metres: "long" });
    desk.refused(both, ["metres", "plate"], "Two fields of vehicle are wrong.");
    await desk.shows(browser, "vehicle", {}, "Nothing of a refused step is saved.");
    const plate = "LUND 2 900";
    const one = await desk.save(browser, "vehicle", { plate, metres: "99" });
    desk.refused(one, ["metres"], "No deck takes a lorry of 99 metres.");
    await desk.shows(browser, "vehicle", {}, "The field that was right is not saved either.");
    await desk.shows(browser, "crossing", lorry.crossing, "The step before keeps its answers.");

    await desk.fill(browser, lorry, ["vehicle", "contact"]);
    const again = await desk.save(browser, "vehicle", { plate });
    desk.refused(again, ["metres"], "The length is missing.");
    await desk.reviews(browser, lorry, "A refused step leaves what was saved before.");
  }),

  check(3, "Nobody skips ahead", {}, async (kit) => {
    const desk = new Desk(kit, 3);
    const lorry = desk.lorry();
    const browser = kit.browser();
    const claims = { step: "contact", reached: 3, current: "review", completed: [...steps] };
    const leads = async (open: string, when: string) => {
      const [, ...later] = steps.slice(steps.findIndex((step) => open.endsWith(step)));
      const answers: Answer[] = [];
      const lead = (answer: Answer, why: string) => {
        desk.leadsTo(answer, open, why);
        answers.push(answer);
      };
      for (const step of later) {
        const why = `${when}, ${step} is behind the open step.`;
        lead(await browser.get(`/booking/${step}`), `${why} It is not shown.`);
        const sent = { ...lorry[step], ...claims };
        const said = `${why} It is not saved, whatever the body says about steps.`;
        lead(await desk.save(browser, step, sent), said);
      }
      lead(await browser.get("/review"), `${when} the draft is not complete.`);
      const nothing = `${when} the draft is not complete, and nothing is booked.`;
      lead(await desk.submit(browser), nothing);
      for (const answer of answers) desk.isSeeOther(answer);
    };
    await leads("/booking/crossing", "In a new browser");
    const first = await desk.save(browser, "crossing", { ...lorry.crossing, ...claims });
    const only =
      "crossing is saved now, and no other step: those that were posted too early are not, and what a body says about steps makes no difference.";
    desk.leadsTo(first, "/booking/vehicle", only);
    await leads("/booking/vehicle", "After crossing");
    const second = await desk.save(browser, "vehicle", lorry.vehicle);
    desk.leadsTo(second, "/booking/contact", "contact was posted too early, so it is not saved.");
    await desk.shows(browser, "contact", {}, "contact was posted too early, so it is empty.");
    expect(desk.asked(lorry), "saveBooking is not called for a draft with holes.").toBe(0);
  }),

  check(4, "Going back shows what was entered", {}, async (kit) => {
    const desk = new Desk(kit, 4);
    const [lorry, other] = [desk.lorry(), desk.lorry()];
    const browser = kit.browser();
    await desk.fill(browser, lorry, ["crossing", "vehicle"]);
    await desk.shows(browser, "crossing", lorry.crossing, "Going back shows what was entered.");
    const early = await desk.save(browser, "crossing", other.crossing);
    desk.leadsTo(early, "/booking/contact", "crossing was changed; vehicle is still valid.");
    await desk.shows(browser, "crossing", other.crossing, "A step can be saved once more.");
    await desk.shows(browser, "vehicle", lorry.vehicle, "The step after it keeps its answers.");
    await desk.fill(browser, lorry, ["contact"]);
    const late = await desk.save(browser, "crossing", lorry.crossing);
    desk.leadsTo(late, "/review", "The draft is complete, and stays so.");
    const middle = await desk.save(browser, "vehicle", other.vehicle);
    desk.leadsTo(middle, "/review", "The draft is complete, and stays so.");
    const mixed = { ...lorry, vehicle: other.vehicle };
    await desk.reviews(browser, mixed, "What was changed is new, all else is as it was.");
  }),

  check(5, "Only what was asked for is kept", {}, async (kit) => {
    const desk = new Desk(kit, 5);
    const lorry = desk.lorry();
    const browser = kit.browser();
    for (const step of steps) {
      const why = `Fields that ${step} does not have are dropped.`;
      const open = `/booking/${step}`;
      if (step === "vehicle") {
        const wrong: readonly (readonly [string, object | string | undefined])[] = [
          [
            "has a list and a number instead of texts",
            { plate: [lorry.vehicle["plate"]], metres: 16 },
          ],
          ["has objects instead of texts", { plate: { length: 5 }, metres: { toString: "16" } }],
          ["has null and true instead of texts", { plate: null, metres: true }],
          ["has its answers in __proto__", `{ "__proto__": ${JSON.stringify(lorry.vehicle)} }`],
          ["is an empty object", {}],
          ["is a list", "[]"],
          ["is empty", undefined],
        ];
        for (const [what, body] of wrong) {
          const answer = await browser.post(open, body, body === undefined ? {} : JSON_TYPE);
          desk.refused(answer, ["metres", "plate"], `The body ${what}: nothing of it is valid.`);
        }
      }
      const answer = await browser.post(open, withExtras(lorry[step]), JSON_TYPE);
      expect(answer.status, `${why} They are no reason for 422.`).toBeLessThan(400);
      await desk.shows(browser, step, lorry[step], why);
    }
    await desk.reviews(browser, lorry, "Fields that the form does not have are not shown.");
    for (const name of ["constructor", "__proto__", "toString", "review", "0"]) {
      const none = `There is no step called ${name}.`;
      const body = { error: "no such step" };
      desk.answered(await browser.get(`/booking/${name}`), 404, body, none);
      desk.answered(await browser.post(`/booking/${name}`, lorry.contact), 404, body, none);
    }
    await desk.reviews(browser, lorry, "What has no place in the form changes nothing.");
    await desk.book(browser, "A complete draft is booked.");
    const exact = "saveBooking gets the answers of the three steps, and nothing else.";
    expect(desk.given(lorry), exact).toEqual(lorry);
  }),

  check(
    6,
    "A draft cannot grow without end",
    { needs: "own", settings: timed, deadlineMs: LONG_MS },
    async (kit) => {
      const desk = new Desk(kit, 6);
      const { maxAnswerLength } = desk.settings;
      const lorry = desk.lorry();
      const browser = kit.browser();
      await desk.fill(browser, lorry, ["crossing"]);
      const most = `maxAnswerLength is ${maxAnswerLength}`;
      const plate = "A".repeat(maxAnswerLength + 1);
      const long = await desk.save(browser, "vehicle", { plate, metres: "16" });
      desk.refused(long, ["plate"], `${most}; this plate has ${plate.length} characters.`);
      const fits = { plate: plate.slice(1), metres: "16" };
      const short = await desk.save(browser, "vehicle", fits);
      desk.leadsTo(short, "/booking/contact", `${most}, and so long an answer is valid.`);
      const name = "N".repeat(10 * maxAnswerLength);
      const contact = await desk.save(browser, "contact", { ...lorry.contact, name });
      desk.refused(contact, ["name"], `${most}; this name has ${name.length} characters.`);
      await desk.shows(browser, "contact", {}, "An answer that is too long is not saved.");

      await desk.save(browser, "vehicle", lorry.vehicle);
      const before = await kit.redis.size();
      const { plate: own = "" } = lorry.vehicle;
      for (let turn = 1; turn <= 28; turn += 1) {
        const saved = { plate: own, metres: String(10 + (turn % 10)) };
        const answer = await desk.save(browser, "vehicle", saved);
        desk.leadsTo(answer, "/booking/contact", "A step can be saved as often as one likes.");
      }
      const last = { plate: own, metres: "18" };
      await desk.shows(browser, "vehicle", last, "The draft is what was saved last.");
      const grown = (await kit.redis.size()) - before;
      // Times and counters may have a digit more.
      const same = `After 28 more saves of one step Redis holds ${grown} more bytes: the draft is what was saved last, not all that ever was.`;
      expect(grown, same).toBeLessThanOrEqual(100);
    },
  ),

  check(7, "A changed step checks again what depends on it", {}, async (kit) => {
    const desk = new Desk(kit, 7);
    const lorry = desk.lorry();
    const browser = await desk.complete(lorry);
    const faroe = { ...lorry.crossing, route: "faroe" };
    const changed = await desk.save(browser, "crossing", faroe);
    const deck = "The ship to the Faroe Islands takes 12 metres, and the lorry has 16.";
    desk.leadsTo(changed, "/booking/vehicle", `${deck} vehicle is the open step.`);
    const page = await browser.get("/booking/vehicle");
    expect(page.status, `${deck} The step is shown.`).toBe(200);
    const kept = `${deck} The step still shows what was entered.`;
    expect(page.json, kept).toMatchObject({ answers: lorry.vehicle });
    expect(errorFields(page), `${deck} The error stands at its field.`).toEqual(["metres"]);
    desk.leadsTo(await browser.get("/review"), "/booking/vehicle", deck);
    desk.leadsTo(await browser.get("/booking/contact"), "/booking/vehicle", deck);
    const short = { ...lorry.vehicle, metres: "11" };
    const mended = await desk.save(browser, "vehicle", short);
    desk.leadsTo(mended, "/review", "The lorry fits now; contact was there already.");
    const whole = { crossing: faroe, vehicle: short, contact: lorry.contact };
    await desk.reviews(browser, whole, "The draft is complete again, with what was changed.");
  }),

  check(8, "Two browsers never meet", {}, async (kit) => {
    const desk = new Desk(kit, 8);
    const [lorry, other] = [desk.lorry(), desk.lorry()];
    const [browser, second] = [kit.browser(), kit.browser()];
    for (const step of steps) {
      await desk.fill(browser, lorry, [step]);
      await desk.fill(second, other, [step]);
      const own = "Two browsers fill in the form at the same time: each sees its own answers.";
      await desk.shows(browser, step, lorry[step], own);
      await desk.shows(second, step, other[step], own);
    }
    await desk.reviews(browser, lorry, "Each browser reviews its own draft.");
    await desk.reviews(second, other, "Each browser reviews its own draft.");
    const [one, two] = [await desk.complete(desk.lorry()), await desk.complete(desk.lorry())];
    const submits = [one, two].map((each) => () => desk.submit(each));
    const strangers = [kit.browser(), kit.browser()].map((each) => () => desk.submit(each));
    const atOnce = await kit.burst([...submits, ...strangers]);
    for (const [index, answer] of atOnce.entries()) {
      if (index < submits.length) {
        const same = "Two browsers submit at the same moment: each draft is booked.";
        desk.bookingOf(answer, same);
      } else {
        const none = "Two new browsers submit at the same moment: neither has a draft.";
        desk.leadsTo(answer, "/booking/crossing", none);
      }
    }
    const page = await desk.book(browser, "A complete draft is booked.");
    await desk.showsBooking(browser, page, lorry, "A browser sees what it has booked.");
    await desk.reviews(second, other, "A booking ends the draft of one browser only.");
    const none = { error: "no such booking" };
    const foreign = "References are easy to guess: only the browser that booked sees a booking.";
    desk.answered(await second.get(page), 404, none, foreign);
    desk.answered(await kit.browser().get(page), 404, none, foreign);
    const secondPage = await desk.book(second, "The other draft is booked too.");
    expect(secondPage, "Two drafts are two bookings.").not.toBe(page);
    await desk.showsBooking(second, secondPage, other, "A browser sees what it has booked.");
    desk.answered(await browser.get(secondPage), 404, none, foreign);
  }),

  check(9, "The draft is on the server", { needs: "own", settings: timed }, async (kit) => {
    const desk = new Desk(kit, 9);
    const lorry = desk.lorry();
    const browser = kit.browser();
    await desk.fill(browser, lorry, ["crossing"]);
    const early = browser.copy();
    await desk.fill(browser, lorry, ["vehicle"]);
    const now = "Cookies from before the second step lead to the draft as it is now.";
    await desk.shows(early, "vehicle", lorry.vehicle, now);
    const { plate = "" } = lorry.vehicle;
    expect(cookieTexts(browser).includes(plate), "No answer stands in a cookie.").toBe(false);

    const second = await kit.secondInstance();
    const there = await browser.get("/booking/vehicle", { to: second });
    const shared = "A second instance of the app knows the draft.";
    desk.answered(there, 200, { answers: lorry.vehicle, errors: {} }, shared);
    const contact = await desk.save(browser, "contact", lorry.contact, { to: second });
    desk.leadsTo(contact, "/review", "A second instance can go on with the draft.");
    await desk.reviews(browser, lorry, "What a second instance saved, the first one knows.");
    await kit.restart();
    await desk.reviews(browser, lorry, "After a restart of the app the draft is still there.");
  }),

  check(10, "The next page finds what was saved", { needs: "own" }, async (kit) => {
    const desk = new Desk(kit, 10);
    const second = await kit.secondInstance();
    for (const known of [false, true]) {
      const lorry = desk.lorry();
      const browser = kit.browser();
      if (known) await desk.fill(browser, lorry, ["crossing"]);
      const step = known ? "vehicle" : "crossing";
      // To be found among the commands; the date of a first step is nobody else's either.
      const mark = Object.values(lorry[step]).find((text) => /\d/.test(text)) ?? "";
      const post = new WatchedPost();
      const early = `The answers of ${step} are on their way to Redis, which has not confirmed them, and the answer is sent already: the browser may ask for the next page too early, and a save that fails is never noticed.`;
      const names = async () => (await kit.redis.keys()).map(({ name }) => name);
      let isOnItsWay = false;
      let isAnswered = false;
      let confirmed = await names();
      const answer = await kit.stepThrough(
        () => post.send(kit.program(), browser, `/booking/${step}`, lorry[step]),
        async () => {
          // Whatever the program has written by now is here after one more of its answers.
          const nowhere = fetch(new URL("/nowhere", kit.program().url)).catch(() => {});
          await Promise.race([nowhere, delay(NOWHERE_MS, undefined, { ref: false })]);
          if (!isOnItsWay && kit.redis.sent().some((text) => text.includes(mark))) {
            isOnItsWay = true;
            kit.show("The request", [`POST /booking/${step} ${JSON.stringify(lorry[step])}`]);
            expect(post.head?.status ?? "no answer yet", early).toBe("no answer yet");
          }
          const keys = await names();
          if (post.head === undefined) {
            confirmed = keys;
          } else if (!isAnswered) {
            isAnswered = true;
            // What was sent along with the answer may come too late, or never: it is taken away.
            const late = keys.filter((name) => !confirmed.includes(name));
            if (late.length === 0) return;
            kit.show("Keys that Redis had not confirmed when the answer was sent", late);
            await kit.redis.command("DEL", ...late);
            for (const line of post.head.setCookies) browser.setCookie(line);
            const page = await browser.get(`/booking/${step}`, { to: second });
            expect(page.status, early).toBe(200);
            expect(page.json, early).toEqual({ answers: lorry[step], errors: {} });
          }
        },
      );
      const next = known ? "/booking/contact" : "/booking/vehicle";
      desk.leadsTo(answer, next, `The answers of ${step} are valid.`);
    }
  }),

  check(
    11,
    "An old draft makes room for a new one",
    { needs: "own", settings: timed },
    async (kit) => {
      const desk = new Desk(kit, 11);
      const { draftSeconds } = desk.settings;
      const [lorry, other] = [desk.lorry(), desk.lorry()];
      const browser = kit.browser();
      const left = await desk.complete(desk.lorry());
      await desk.fill(browser, lorry, ["crossing"]);
      await kit.travel((draftSeconds - 60) * 1000);
      const whole = `draftSeconds is ${draftSeconds}. A minute before so much has passed since the last save the draft is still there.`;
      await desk.shows(browser, "crossing", lorry.crossing, whole);
      const vehicle = await desk.save(browser, "vehicle", lorry.vehicle);
      desk.leadsTo(vehicle, "/booking/contact", whole);
      await kit.travel((draftSeconds - 60) * 1000);
      const anew = "Each save gives the draft draftSeconds anew.";
      const contact = await desk.save(browser, "contact", lorry.contact);
      desk.leadsTo(contact, "/review", anew);

      await kit.travel((draftSeconds + 60) * 1000);
      const gone = `draftSeconds is ${draftSeconds}, and a minute more has passed since anything was requested: the draft is gone.`;
      const first = "/booking/crossing";
      for (const each of [browser, left]) {
        const late = await desk.save(each, "contact", lorry.contact);
        desk.leadsTo(late, first, `${gone} A step that comes late is not saved.`);
        desk.leadsTo(await desk.submit(each), first, `${gone} Nothing is booked.`);
        desk.leadsTo(await each.get("/review"), first, gone);
        desk.leadsTo(await each.get("/booking/vehicle"), first, gone);
        await desk.shows(each, "crossing", {}, `${gone} The form is empty.`);
      }
      expect(desk.asked(lorry), `${gone} saveBooking is not called.`).toBe(0);
      await desk.fill(browser, other);
      await desk.reviews(browser, other, "After an old draft has ended, a new one begins cleanly.");
    },
  ),

  check(
    12,
    "No key stays for ever",
    { needs: "own", settings: timed, deadlineMs: LONG_MS },
    async (kit) => {
      const desk = new Desk(kit, 12);
      const lorry = desk.lorry();
      const browser = kit.browser();
      const allExpire = async (when: string) => {
        const keys = await kit.redis.keys();
        const immortal = keys.filter(({ ttlMs }) => ttlMs === undefined).map(({ name }) => name);
        expect(
          immortal,
          `Every key has a TTL at every moment. These would stay for ever ${when}.`,
        ).toEqual([]);
      };
      const step = async (what: string, send: Parameters<typeof kit.stepThrough>[0]) => {
        const answer = await kit.stepThrough(
          send,
          async () =>
            await allExpire(
              `if the process died now, after the last command below, in the middle of ${what}`,
            ),
        );
        await kit.quiet();
        await allExpire(`after ${what}`);
        return answer;
      };
      for (const [index, each] of steps.entries()) {
        const saved = await step(`saving ${each}`, () => desk.save(browser, each, lorry[each]));
        const next = steps[index + 1];
        const path = next === undefined ? "/review" : `/booking/${next}`;
        desk.leadsTo(saved, path, `The answers of ${each} are valid.`);
      }
      const review = await step("the review", () => browser.get("/review"));
      desk.answered(review, 200, { answers: lorry }, "When all steps are saved, they are shown.");
      await step("saving a step again", () => desk.save(browser, "vehicle", lorry.vehicle));
      // What these two are answered is the affair of other checks.
      kit.doors.fail("saveBooking", 1, "The booking system is closed");
      await step("a submit that fails", () => desk.submit(browser));
      await step("a submit", () => desk.submit(browser));
      await step("a repeated submit", () => desk.submit(browser));
      await step("a new draft", () => desk.save(browser, "crossing", lorry.crossing));
    },
  ),

  check(
    13,
    "The submit checks everything again",
    { needs: "own", settings: timed },
    async (kit) => {
      const desk = new Desk(kit, 13);
      const lorry = desk.lorry();
      const tomorrow = { ...lorry, crossing: { ...lorry.crossing, date: dayFromNow(1) } };
      const browser = await desk.complete(tomorrow);
      await desk.reviews(browser, tomorrow, "The draft is complete, for the ship of tomorrow.");
      await kit.travel("3d");
      const sailed = "Three days later the ship has sailed: crossing is not valid any more.";
      desk.leadsTo(await desk.submit(browser), "/booking/crossing", sailed);
      expect(desk.asked(lorry), `${sailed} saveBooking is not called.`).toBe(0);
      const page = await browser.get("/booking/crossing");
      expect(page.json, `${sailed} The answers are still shown.`).toMatchObject({
        answers: tomorrow.crossing,
      });
      expect(errorFields(page), `${sailed} The error stands at its field.`).toEqual(["date"]);
      const mended = await desk.save(browser, "crossing", lorry.crossing);
      desk.leadsTo(mended, "/review", "Another day was chosen; the other steps are still valid.");
      await desk.book(browser, "All steps are valid, so the draft is booked.");
      expect(desk.given(lorry), "What is booked is what was saved last.").toEqual(lorry);
    },
  ),

  check(
    14,
    "Ten submits at once make one booking",
    { needs: "own", settings: timed, deadlineMs: LONGER_MS },
    async (kit) => {
      const desk = new Desk(kit, 14);
      const second = await kit.secondInstance();
      const lorry = desk.lorry();
      const browser = await desk.complete(lorry);
      const answers = await kit.burst(
        Array.from(
          { length: 10 },
          (_, number) => () =>
            desk.submit(browser, {
              to: number % 2 === 0 ? kit.program() : second,
              deadlineMs: PATIENT_MS,
            }),
        ),
      );
      const times = desk.booked(lorry);
      const once = "Of ten submits at the same moment one books: saveBooking is called once.";
      expect({ [CALLS]: times }, once).toEqual({ [CALLS]: 1 });
      const pages = new Set<string>();
      for (const answer of answers) {
        if (answer.status === 409) {
          desk.answered(answer, 409, { error: "already being booked" }, "The body of 409.");
        } else {
          pages.add(desk.bookingOf(answer, "Each of the ten is answered 303 or 409."));
        }
      }
      expect(pages.size, "Of the ten, those that are answered 303 lead to one booking.").toBe(1);
      pages.add(await desk.book(browser, "A submit after the ten leads to the booking."));
      expect(pages.size, "A submit after the ten leads to the same booking.").toBe(1);

      const pairs: Answer[][] = [];
      for (const at of [0, 1, 2]) {
        const next = desk.lorry();
        const slow = await desk.complete(next);
        const fast = slow.copy();
        const others: Promise<Answer>[] = [];
        const first = await kit.stepThrough(
          () => desk.submit(slow, { deadlineMs: PATIENT_MS }),
          async (step) => {
            if (step !== at) return;
            const other = desk.submit(fast, { to: second, deadlineMs: PATIENT_MS });
            others.push(other);
            // One that waits for the first is left to wait; any other is answered by now.
            const waits = delay(WAITS_MS, undefined, { ref: false });
            await Promise.race([other.catch(() => {}), waits]);
          },
        );
        pairs.push([first, ...(await Promise.all(others))]);
        const apart = `One submit began, and had sent ${at + 1} of its commands, when another was sent: together they book once.`;
        expect({ [CALLS]: desk.booked(next) }, apart).toEqual({ [CALLS]: 1 });
      }
      const slow = desk.lorry();
      const patient = await desk.complete(slow);
      const held = kit.doors.hold("saveBooking");
      const first = desk.submit(patient, { deadlineMs: PATIENT_MS });
      try {
        await held.waiting(1);
        await kit.travel((desk.settings.bookingSeconds - 30) * 1000);
        const other = desk.submit(patient.copy(), { to: second, deadlineMs: PATIENT_MS });
        const waits = delay(WAITS_MS, undefined, { ref: false });
        const again = held.waiting(2, WAITS_MS).catch(() => {});
        await Promise.race([other.catch(() => {}), again, waits]);
        held.release();
        pairs.push(await Promise.all([first, other]));
      } finally {
        held.release();
        await first.catch(() => {});
      }
      const whole = `saveBooking takes up to bookingSeconds (${desk.settings.bookingSeconds}). Half a minute before they have passed it is still at work, and another submit does not call it once more: a claim that ends sooner lets it in.`;
      expect({ [CALLS]: desk.asked(slow) }, whole).toEqual({ [CALLS]: 1 });
      for (const both of pairs) {
        const why =
          "Two submits, of which one began before the other had ended, lead to one booking.";
        const led = both.filter(({ status }) => status !== 409);
        expect(new Set(led.map((answer) => desk.bookingOf(answer, why))).size, why).toBe(1);
      }
    },
  ),

  check(
    15,
    "A repeated submit answers the same",
    { needs: "own", settings: timed },
    async (kit) => {
      const desk = new Desk(kit, 15);
      const { draftSeconds } = desk.settings;
      const [lorry, other] = [desk.lorry(), desk.lorry()];
      const browser = await desk.complete(lorry);
      const page = await desk.book(browser, "A complete draft is booked.");
      await desk.showsBooking(browser, page, lorry, "After the submit the booking is shown.");
      const again = await desk.book(browser, "A submit is repeated.");
      expect(again, "A repeated submit leads to the same booking.").toBe(page);
      const twice = await kit.burst([1, 2].map(() => () => desk.submit(browser)));
      for (const answer of twice) {
        const both = "Two submits are repeated at the same moment: both lead to the booking.";
        expect(desk.bookingOf(answer, both), both).toBe(page);
        desk.isSeeOther(answer);
      }
      const gone = "After the booking the draft is gone.";
      await desk.shows(browser, "crossing", {}, gone);
      desk.leadsTo(await browser.get("/review"), "/booking/crossing", gone);
      await kit.travel((draftSeconds - 60) * 1000);
      const late = await desk.book(
        browser,
        `A submit is repeated within draftSeconds (${draftSeconds}).`,
      );
      expect(late, "A repeated submit leads to the same booking.").toBe(page);
      const repeated = "However often it is repeated, saveBooking is called once.";
      expect({ [CALLS]: desk.asked(lorry) }, repeated).toEqual({ [CALLS]: 1 });

      const vehicle = "/booking/vehicle";
      const crossing = await desk.save(browser, "crossing", other.crossing);
      desk.leadsTo(crossing, vehicle, "What is saved after a booking begins a new draft.");
      const early = await desk.submit(browser);
      desk.leadsTo(
        early,
        vehicle,
        "A step was saved since the booking: a submit is one of the new draft.",
      );
      await desk.fill(browser, other, ["vehicle", "contact"]);
      const next = await desk.book(browser, "The new draft is complete, so it is booked.");
      expect(next, "The new draft is a booking of its own.").not.toBe(page);
      await desk.showsBooking(browser, next, other, "The new booking has the new answers.");
    },
  ),

  check(
    16,
    "A failed booking loses nothing",
    { needs: "own", settings: { ...timed, bookingSeconds: 8 }, deadlineMs: LONG_MS },
    async (kit) => {
      const desk = new Desk(kit, 16);
      const { bookingSeconds } = desk.settings;
      const lorry = desk.lorry();
      const browser = await desk.complete(lorry);
      kit.doors.fail("saveBooking", 1, "The booking system is closed");
      const failed = await desk.submit(browser);
      const said = "saveBooking rejected: nothing was booked, and 503 says so.";
      desk.answered(failed, 503, { error: "not booked, try again" }, said);
      await desk.reviews(browser, lorry, "saveBooking rejected: the draft is still there.");
      const page = await desk.book(browser, "saveBooking rejected, and the next submit books.");
      await desk.showsBooking(browser, page, lorry, "The booking is shown.");

      const next = desk.lorry();
      const other = await desk.complete(next);
      const held = kit.doors.hold("saveBooking");
      const cut = desk.submit(other, { deadlineMs: PATIENT_MS }).catch(() => {});
      try {
        await held.waiting(1);
        await kit.restart();
        await cut;
        const killed = "The process was killed while saveBooking was at work.";
        await desk.reviews(other, next, `${killed} The draft is still there.`);
        held.release();
        await kit.travel((bookingSeconds + 60) * 1000);
        const free = `${killed} bookingSeconds (${bookingSeconds}) and a minute later the draft can be submitted again.`;
        const second = await desk.book(other, free);
        await desk.showsBooking(other, second, next, "The booking is shown.");
      } finally {
        held.release();
      }
    },
  ),
];

/** Answers and fields that no step has. As text: in an object of ours, __proto__ would be no field. */
function withExtras(answers: object): string {
  return `${JSON.stringify(answers).slice(0, -1)}, "price": "0", "paid": true, "admin": { "yes": 1 },
    "__proto__": { "discount": "100" }, "constructor": { "prototype": { "discount": "100" } } }`;
}
