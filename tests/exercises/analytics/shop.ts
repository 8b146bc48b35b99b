import {
  type Answer,
  expect,
  type Instance,
  type Kit,
  type KitBrowser,
} from "../../../engine/grader/testkit.ts";
import type { Report } from "./starter/app.ts";
import type { Settings } from "./starter/context.ts";

/** Who may sign in; the README names them. */
export const accounts = [
  { email: "ines.berg@kestrel.example", password: "map-and-compass", role: "analyst" },
  { email: "tom.reid@post.example", password: "wet-socks-9", role: "customer" },
] as const;

export const analyst = { email: accounts[0].email, password: accounts[0].password };
export const customer = { email: accounts[1].email, password: accounts[1].password };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const VIEWS_SHOWN = 12;

/** The shop as one check sees it. */
export class Shop {
  readonly #kit: Kit;
  #analyst: KitBrowser | undefined;
  #travelledMs = 0;
  /** Those of `showViews`, and the browsers by the number of their first view. */
  readonly #views: string[] = [];
  readonly #browsers: KitBrowser[] = [];

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  get settings(): Settings {
    return this.#kit.settings as Settings;
  }

  /**
   * Views a page, which must be answered, and waits until it is counted: what races between two
   * views is up to the one check that sends them at the same moment.
   */
  async view(browser: KitBrowser, path = "/", to?: Instance): Promise<void> {
    if (!this.#browsers.includes(browser)) this.#browsers.push(browser);
    const minute = new Date(this.now()).toISOString().slice(0, 16).replace("T", " ");
    this.#views.push(`${minute} browser ${this.#browsers.indexOf(browser) + 1}: GET ${path}`);
    if (this.#views.length > VIEWS_SHOWN) this.#views.shift();
    const answer = await browser.get(path, to === undefined ? {} : { to });
    expect(answer.status, `GET ${path} is a page of the shop, as the starter has it.`).toBe(200);
    await this.#kit.quiet();
  }

  /** Has the report of a check that is about time say when the last pages were viewed. */
  showViews(): void {
    this.#kit.show(
      "When the last pages were viewed, by the clock of your program (UTC)",
      this.#views,
    );
  }

  /** A browser that has viewed a page and then one more, with the cookies of the first: a visitor. */
  async visitor(path = "/"): Promise<KitBrowser> {
    const browser = this.#kit.browser();
    await this.view(browser, path);
    await this.view(browser, path);
    return browser;
  }

  async visitors(count: number, path = "/"): Promise<KitBrowser[]> {
    const browsers: KitBrowser[] = [];
    while (browsers.length < count) browsers.push(await this.visitor(path));
    return browsers;
  }

  async signIn(browser: KitBrowser, account: typeof analyst | typeof customer): Promise<void> {
    const answer = await browser.post("/login", account);
    expect(answer.status, "POST /login signs in, as the starter has it.").toBe(200);
  }

  /** What the analyst reads once the app is quiet: today's report, or that of another day. */
  async report(day?: string, to?: Instance): Promise<Report> {
    await this.#counted();
    const answer = await this.askForReport(day, to);
    const why = "GET /admin/report answers the analyst 200.";
    expect(answer.status, why).toBe(200);
    const shape: Record<keyof Report, unknown> = {
      day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      views: expect.any(Number),
      paths: expect.any(Object),
      visitors: expect.any(Number),
      activeNow: expect.any(Number),
      visits: expect.any(Number),
      averageVisitSeconds: expect.any(Number),
    };
    const form = "The report has these seven fields; the README says what each is.";
    expect(answer.json, form).toMatchObject(shape);
    return answer.json as Report;
  }

  /**
   * Quiet, also where a worker waits inside of Redis for views: its answer may be on the way while
   * nothing seems to be. Redis has sent it before it answers a PING that comes later, twice to be sure.
   */
  async #counted(): Promise<void> {
    const { redis } = this.#kit;
    for (let round = 0; round < 50; round += 1) {
      await this.#kit.quiet();
      const before = redis.log().length;
      for (let ping = 0; ping < 2; ping += 1) await redis.command("PING");
      await this.#kit.quiet();
      if (redis.log().length === before) return;
    }
  }

  async askForReport(day?: string, to?: Instance): Promise<Answer> {
    const path = day === undefined ? "/admin/report" : `/admin/report?day=${day}`;
    const options = to === undefined ? {} : { to };
    let answer = this.#analyst && (await this.#analyst.get(path, options));
    // Not yet signed in, or for so long that the session has ended.
    if (answer === undefined || answer.status === 401) {
      this.#analyst = this.#kit.browser();
      await this.signIn(this.#analyst, analyst);
      answer = await this.#analyst.get(path, options);
    }
    return answer;
  }

  /**
   * Runs `act` so that it begins and ends on one UTC day, for checks that cannot travel to a better
   * hour: once more if midnight came in between.
   */
  async withinOneDay(act: (attempt: number) => Promise<void>): Promise<void> {
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const day = this.today();
      try {
        await act(attempt);
        return;
      } catch (error) {
        if (this.today() === day) throw error;
      }
    }
  }

  now(): number {
    return Date.now() + this.#travelledMs;
  }

  /** The day by the clock of the programs, in UTC; `days` later. */
  today(days = 0): string {
    return new Date(this.now() + days * DAY_MS).toISOString().slice(0, 10);
  }

  async travel(ms: number): Promise<void> {
    await this.#kit.travel(ms);
    this.#travelledMs += ms;
  }

  /** Travels until it is so late, in UTC, on the day after today or `days` later. */
  async reach(hour: number, days = 1): Promise<void> {
    const midnight = this.now() - (this.now() % DAY_MS);
    await this.travel(midnight + days * DAY_MS + hour * HOUR_MS - this.now());
  }
}

/** Visitors may be estimated, 10 % up or down; of fewer than ten, one up or down. */
export function expectAbout(value: number, wanted: number, why: string): void {
  const tolerance = Math.max(1, Math.floor(wanted / 10));
  const range = ` An estimate may be ${tolerance} off.`;
  expect(value, `${why}${range}`).toBeGreaterThanOrEqual(wanted - tolerance);
  expect(value, `${why}${range}`).toBeLessThanOrEqual(wanted + tolerance);
}
