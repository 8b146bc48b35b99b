import {
  type Answer,
  expect,
  type Kit,
  type KitBrowser,
  type RequestOptions,
} from "../../../engine/grader/testkit.ts";
import type { Booking, Settings } from "./starter/context.ts";
import { type Answers, type Step, steps } from "./starter/steps.ts";

const DAY_MS = 86_400_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The day so many days from now, in UTC, as the form wants it. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The form as one check sees it, with lorries that no other check books. */
export class Desk {
  readonly settings: Settings;
  readonly #kit: Kit;
  readonly #check: number;
  #last = 0;

  constructor(kit: Kit, check: number) {
    this.#kit = kit;
    this.#check = check;
    this.settings = kit.settings as Settings;
  }

  /** Valid answers, which nobody else gives. */
  lorry(): Booking {
    this.#last += 1;
    const number = `${this.#check} ${100 + this.#last}`;
    return {
      crossing: { route: "gothenburg", date: dayFromNow(100 + this.#last) },
      vehicle: { plate: `LUND ${number}`, metres: "16" },
      contact: {
        name: `Birte Lund ${number}`,
        email: `birte-${number.replace(" ", "-")}@lund.example`,
      },
    };
  }

  async save(
    browser: KitBrowser,
    step: Step,
    answers: object,
    options: RequestOptions = {},
  ): Promise<Answer> {
    return await browser.post(`/booking/${step}`, answers, options);
  }

  /** Saves steps that are valid; fails the check unless each leads on. */
  async fill(browser: KitBrowser, lorry: Booking, which: readonly Step[] = steps): Promise<void> {
    for (const step of which) {
      const answer = await this.save(browser, step, lorry[step]);
      const next = steps[steps.indexOf(step) + 1];
      const path = next === undefined ? "/review" : `/booking/${next}`;
      this.leadsTo(answer, path, `The answers of ${step} are valid: the step is saved.`);
    }
  }

  /** A browser whose draft is complete. */
  async complete(lorry: Booking): Promise<KitBrowser> {
    const browser = this.#kit.browser();
    await this.fill(browser, lorry);
    return browser;
  }

  submit(browser: KitBrowser, options: RequestOptions = {}): Promise<Answer> {
    return browser.post("/submit", undefined, options);
  }

  /** Submits, and answers the page of the booking; fails the check unless there is one. */
  async book(browser: KitBrowser, why: string): Promise<string> {
    return this.bookingOf(await this.submit(browser), why);
  }

  /** The page of the booking that a submit leads to. */
  bookingOf(answer: Answer, why: string): string {
    const whole = `${why} So the answer is 303 to /bookings/ and the reference.`;
    const path = this.#target(answer, whole);
    if (!/^\/bookings\/SK-\d+$/.test(path)) expect(path, whole).toBe("/bookings/SK-…");
    return path;
  }

  /** The page of a booking shows its reference and answers. */
  async showsBooking(
    browser: KitBrowser,
    page: string,
    lorry: Booking,
    why: string,
  ): Promise<void> {
    const reference = page.replace("/bookings/", "");
    this.answered(await browser.get(page), 200, { reference, answers: lorry }, why);
  }

  /** A redirect to this page. Which kind of redirect is the affair of `isSeeOther`. */
  leadsTo(answer: Answer, path: string, why: string): void {
    const whole = `${why} So the answer is 303 to ${path}.`;
    expect(this.#target(answer, whole), whole).toBe(path);
  }

  /** The kind of redirect: a wrong one is no reason for every check to fail. */
  isSeeOther(answer: Answer): void {
    const kind = "303 makes a browser get the next page; a reload then posts nothing.";
    expect(answer.status, kind).toBe(303);
  }

  /** What has been saved of a step, which is valid, or nothing. */
  async shows(browser: KitBrowser, step: Step, answers: Answers, why: string): Promise<void> {
    this.answered(await browser.get(`/booking/${step}`), 200, { answers, errors: {} }, why);
  }

  async reviews(
    browser: KitBrowser,
    lorry: Booking,
    why: string,
    options: RequestOptions = {},
  ): Promise<void> {
    this.answered(await browser.get("/review", options), 200, { answers: lorry }, why);
  }

  /** 422 that names these fields and no others. */
  refused(answer: Answer, wrong: readonly string[], why: string): void {
    expect(answer.status, why).toBe(422);
    const names = `${why} 422 names each wrong field in "errors", and no other.`;
    expect(errorFields(answer), names).toEqual(wrong.toSorted());
  }

  answered(answer: Answer, status: number, body: object, why: string): void {
    expect(answer.status, why).toBe(status);
    expect(answer.json, why).toEqual(body);
  }

  /** How often a place was really booked for this lorry. */
  booked(lorry: Booking): number {
    return this.#calls(lorry).filter(({ state }) => state === "done").length;
  }

  /** How often `saveBooking` was called for this lorry, whatever came of it. */
  asked(lorry: Booking): number {
    return this.#calls(lorry).length;
  }

  /** What `saveBooking` was given first for this lorry. */
  given(lorry: Booking): unknown {
    return this.#calls(lorry)[0]?.args[0];
  }

  #calls(lorry: Booking) {
    const { plate = "" } = lorry.vehicle;
    return this.#kit.doors
      .calls("saveBooking")
      .filter(({ args }) => JSON.stringify(args).includes(JSON.stringify(plate)));
  }

  #target(answer: Answer, why: string): string {
    if (!REDIRECTS.has(answer.status)) expect(answer.status, why).toBe(303);
    const location = answer.headers["location"] ?? "";
    // What is no address is shown as it came.
    if (!URL.canParse(location, "http://form.example/none")) return location;
    return new URL(location, "http://form.example/none").pathname;
  }
}

/** The names of the fields that a 422, or the page of a step, complains about. */
export function errorFields({ json }: Answer): string[] {
  const errors: unknown =
    typeof json === "object" && json !== null ? Reflect.get(json, "errors") : undefined;
  return typeof errors === "object" && errors !== null ? Object.keys(errors).toSorted() : [];
}
