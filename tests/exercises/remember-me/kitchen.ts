import { type Answer, expect, type Kit, type KitBrowser } from "../../../engine/grader/testkit.ts";
import type { Settings } from "./starter/context.ts";

/** The password of every account in the checks. */
export const rightPassword = "sourdough-7";

export const bodies = {
  wrong: { error: "wrong name or password" },
  stranger: { error: "not signed in" },
} as const;

/** The app as one check sees it, with accounts that no other check uses. */
export class Kitchen {
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
  cook(): string {
    this.#last += 1;
    return `nadia.berg-${this.#check}-${this.#last}`;
  }

  login(browser: KitBrowser, name: string, fields: object = {}): Promise<Answer> {
    return browser.post("/login", { name, password: rightPassword, ...fields });
  }

  /** A browser that is signed in, and not remembered. */
  async signedIn(name: string): Promise<KitBrowser> {
    const browser = this.#kit.browser();
    const answer = await this.login(browser, name, { remember: false });
    this.answered(answer, 200, { name }, "The right password signs in.");
    await this.knows(browser, name, "After a login GET /me says who it is.");
    return browser;
  }

  /** A browser that is signed in and remembered. */
  async remembered(name: string): Promise<KitBrowser> {
    const browser = this.#kit.browser();
    const answer = await this.login(browser, name, { remember: true });
    this.answered(answer, 200, { name }, "The right password signs in.");
    this.token(browser);
    return browser;
  }

  /** The value of the cookie `remember`; fails the check if there is none. */
  token(browser: KitBrowser): string {
    const value = browser.cookie("remember")?.value ?? "";
    expect(value, "A browser that asked to be remembered holds a cookie called remember.").not.toBe(
      "",
    );
    return value;
  }

  /** A browser that has this token and nothing else. */
  holding(token: string): KitBrowser {
    const browser = this.#kit.browser();
    browser.setCookie(`remember=${token}; Path=/`);
    return browser;
  }

  /** The token makes a session, as if the old one were gone. */
  async uses(browser: KitBrowser, name: string, why: string): Promise<void> {
    browser.removeCookie("sid");
    await this.knows(browser, name, why);
  }

  async knows(browser: KitBrowser, name: string, why: string): Promise<void> {
    this.answered(await browser.get("/me"), 200, { name }, why);
  }

  async refuses(browser: KitBrowser, why: string): Promise<void> {
    this.answered(await browser.get("/me"), 401, bodies.stranger, why);
  }

  /** Neither the session nor the token of this browser is worth anything. */
  async refusesBoth(browser: KitBrowser, what: string): Promise<void> {
    const token = browser.copy();
    token.removeCookie("sid");
    browser.removeCookie("remember");
    await this.refuses(browser, `${what}: its session is ended too.`);
    await this.refuses(token, `${what}: its token is ended too.`);
  }

  /** The browser was told to drop both cookies. */
  holdsNothing(browser: KitBrowser, when: string): void {
    const names = browser.cookies().map(({ name }) => name);
    const why = `${when} the browser is told to drop sid and remember: on a shared device they would stay.`;
    expect(names, why).toEqual([]);
  }

  answered(answer: Answer, status: number, body: object, why: string): void {
    expect(answer.status, why).toBe(status);
    expect(answer.json, why).toEqual(body);
  }

  /** 204. */
  done(answer: Answer, why: string): void {
    expect(answer.status, why).toBe(204);
  }
}
