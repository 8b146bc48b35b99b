import {
  type Answer,
  expect,
  type Instance,
  type Kit,
  type KitBrowser,
} from "../../../engine/grader/testkit.ts";
import type { Settings } from "./starter/context.ts";

/** The password of every account in the checks. */
export const rightPassword = "north-pier-40";

/** The checks that are about one account. */
const LAST_OF_PART_1 = 6;

export const bodies = {
  wrong: { error: "wrong name or password" },
  tooMany: { error: "too many failed logins" },
  unavailable: { error: "login is unavailable" },
} as const;

/** Who tries to sign in, with what, and from where. */
export interface Attempt {
  readonly name: string;
  /** Left out: a wrong password that nobody has tried before. */
  readonly password?: string;
  /** What the proxy writes. */
  readonly address: string;
  /** Left out: a new one, without cookies. */
  readonly browser?: KitBrowser;
  /** Left out: the first instance of the app. */
  readonly to?: Instance | undefined;
  /** Left out: what the kit thinks right. */
  readonly deadlineMs?: number;
}

/** The portal as one check sees it, with accounts and addresses that no other check uses. */
export class Portal {
  readonly settings: Settings;
  readonly #kit: Kit;
  readonly #check: number;
  #last = 0;

  constructor(kit: Kit, check: number) {
    this.#kit = kit;
    this.#check = check;
    this.settings = kit.settings as Settings;
  }

  /** The name of an account that exists. */
  patient(): string {
    return `mira.olsen-${this.#check}-${this.#next()}`;
  }

  /** A name that no account has. */
  nobody(): string {
    return `nobody-${this.#check}-${this.#next()}`;
  }

  address(): string {
    const number = this.#next();
    return `10.${this.#check}.${Math.floor(number / 250)}.${1 + (number % 250)}`;
  }

  guess(): string {
    return `guess-${this.#check}-${this.#next()}`;
  }

  /** A patient at an address of their own, in a browser that keeps its cookies. */
  visit(): { name: string; address: string; browser: KitBrowser } {
    return { name: this.patient(), address: this.address(), browser: this.#kit.browser() };
  }

  login(attempt: Attempt): Promise<Answer> {
    const { name, password = this.guess(), address, browser = this.#kit.browser() } = attempt;
    const { to, deadlineMs } = attempt;
    return browser.post(
      "/login",
      { name, password },
      {
        headers: { "X-Forwarded-For": address },
        ...(to === undefined ? {} : { to }),
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
      },
    );
  }

  /** All at the same moment. */
  burst(attempts: readonly Attempt[]): Promise<Answer[]> {
    return this.#kit.burst(attempts.map((attempt) => () => this.login(attempt)));
  }

  /** Signs in with the right password; fails the check if that does not work. */
  async signIn(attempt: Attempt, why: string): Promise<void> {
    const answer = await this.login({ ...attempt, password: rightPassword });
    this.answered(answer, 200, { name: attempt.name }, why + (await this.#cause(answer)));
  }

  /** One wrong password; fails the check unless it is answered 401. */
  async fail(attempt: Attempt, why: string): Promise<void> {
    const answer = await this.login(attempt);
    this.answered(answer, 401, bodies.wrong, why + (await this.#cause(answer)));
  }

  /**
   * Where all addresses are one, a check of the account meets the address's lock: then that is said.
   * Asked past the kit, so that the report shows what was sent before.
   */
  async #cause(answer: Answer): Promise<string> {
    if (answer.status !== 429 || this.#check > LAST_OF_PART_1) return "";
    const headers = { "X-Forwarded-For": this.address(), "Content-Type": "application/json" };
    const body = JSON.stringify({ name: this.patient(), password: this.guess() });
    const url = `${this.#kit.program().url}/login`;
    const signal = AbortSignal.timeout(5000);
    const ask = async () =>
      await fetch(url, { method: "POST", headers, body, signal }).catch(() => undefined);
    const other = await this.#kit.aside(ask);
    if (other?.status !== 429) return "";
    return " An account that nobody has tried, from an address that nobody has used, is refused as well: are all addresses one? X-Forwarded-For has the visitor's (behaviour 11).";
  }

  answered(answer: Answer, status: number, body: object, why: string): void {
    expect(answer.status, why).toBe(status);
    expect(answer.json, `The body of ${status} is part of the contract.`).toEqual(body);
  }

  /** 429 with a Retry-After that can be true. */
  refusedInForm(answer: Answer, why: string): void {
    this.refused(answer, why);
    const { windowSeconds } = this.settings;
    const header = answer.headers["retry-after"];
    if (header === undefined) expect.fail("429 needs a Retry-After header: there is none.");
    expect(header, "429 needs Retry-After in whole seconds, at least 1.").toMatch(/^[1-9]\d*$/);
    const most = `No lock lasts longer than windowSeconds, here ${windowSeconds}; Retry-After counts seconds.`;
    expect(Number(header), most).toBeLessThanOrEqual(windowSeconds);
  }

  /** 429; how long, in seconds, it says (its form is the affair of one check). */
  refused(answer: Answer, why: string): number {
    this.answered(answer, 429, bodies.tooMany, why);
    return Number(answer.headers["retry-after"]);
  }

  /**
   * Wrong passwords until one is refused; that answer's Retry-After in seconds. A limit that is
   * off by one is the affair of the checks that count, so this one allows one more.
   */
  lock(next: () => Attempt, limit: number, why = ""): Promise<number> {
    return this.lockBy(() => this.login(next()), limit, why);
  }

  /** The same with whatever sends the wrong passwords. */
  async lockBy(send: () => Promise<Answer>, limit: number, why = ""): Promise<number> {
    for (let attempt = 1; attempt <= limit + 2; attempt += 1) {
      const answer = await send();
      if (answer.status === 429 && attempt > 1) return this.refused(answer, why);
      const cause = await this.#cause(answer);
      const before = `Wrong password ${attempt}, before the lock, must be answered 401.`;
      this.answered(answer, 401, bodies.wrong, `${why} ${before}`.trim() + cause);
    }
    const missing = `${limit} wrong ${limit === 1 ? "password is" : "passwords are"} allowed here; after ${limit + 2} there is still no 429.`;
    return expect.fail(`${why} ${missing}`.trim());
  }

  lockAccount(attempt: Attempt): Promise<number> {
    return this.lock(() => attempt, this.settings.accountLimit);
  }

  /** One wrong password for each of many accounts. */
  lockAddress(address: string): Promise<number> {
    return this.lock(() => ({ name: this.patient(), address }), this.settings.addressLimit);
  }

  /** Each wrong password for another account. */
  fromAddress(address: string): () => Attempt {
    return () => ({ name: this.patient(), address });
  }

  /** How often `verifyPassword` was asked about a name, however it was typed. */
  verified(name: string): number {
    return this.#kit.doors
      .calls("verifyPassword")
      .filter(({ args }) => String(args[0]).trim().toLowerCase() === name).length;
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }
}
