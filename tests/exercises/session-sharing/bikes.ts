import { createHmac } from "node:crypto";
import { type Answer, expect, type Kit, type KitBrowser } from "../../../engine/grader/testkit.ts";
import type { Account, Settings } from "./starter/context.ts";

/** Who may sign in; the README names them. */
export const accounts: readonly { account: Account; password: string }[] = [
  {
    password: "cargo-88",
    account: {
      name: "ida.holm",
      role: "finance",
      email: "ida.holm@lindhaven.example",
      telephone: "+45 5550 1784",
    },
  },
  {
    password: "tandem-12",
    account: {
      name: "per.lund",
      role: "customer",
      email: "per.lund@post.example",
      telephone: "+45 5550 9236",
    },
  },
];

/** The two programs of the exercise, as its checks speak of them. */
export class Bikes {
  constructor(readonly kit: Kit) {}

  get settings(): Settings {
    return this.kit.settings as Settings;
  }

  /** A browser that has signed in at main, proven at main. */
  async signIn(
    name: "ida.holm" | "per.lund" = "ida.holm",
    browser = this.kit.browser(),
  ): Promise<KitBrowser> {
    await this.login(name, browser);
    return browser;
  }

  /** The answer to that login. */
  async login(name: "ida.holm" | "per.lund", browser: KitBrowser): Promise<Answer> {
    const entry = accounts.find(({ account }) => account.name === name);
    const answer = await browser.post("/login", { name, password: entry?.password });
    expect(answer.status, "The right password is answered 200 by main.").toBe(200);
    const body = "Main answers the login with name and role.";
    expect(answer.json, body).toEqual({ name, role: entry?.account.role });
    return answer;
  }

  /** A signed-in browser that the service knows: what every check of a refusal begins with. */
  async known(name: "ida.holm" | "per.lund" = "ida.holm"): Promise<KitBrowser> {
    const browser = await this.signIn(name);
    const answer = await this.whoami(browser);
    expect(answer.status, "The service knows who has signed in at main.").toBe(200);
    expect(answer.json, "The service gives the name of who has signed in.").toMatchObject({ name });
    return browser;
  }

  whoami(browser: KitBrowser, deadlineMs?: number): Promise<Answer> {
    const deadline = deadlineMs === undefined ? {} : { deadlineMs };
    return browser.get("/whoami", { to: "service", ...deadline });
  }

  invoices(browser: KitBrowser): Promise<Answer> {
    return browser.get("/invoices", { to: "service" });
  }

  async refuses(browser: KitBrowser, why: string): Promise<void> {
    const answer = await this.whoami(browser);
    expect(answer.status, why).toBe(401);
    expect(answer.json, why).toEqual({ error: "not signed in" });
  }

  /** The session ID in the cookie of a browser that is signed in. */
  sessionId(browser: KitBrowser): string {
    const value = decodeURIComponent(browser.cookie(this.settings.cookieName)?.value ?? "");
    const id = /^s:(.+)\.[^.]+$/.exec(value)?.[1] ?? "";
    const why = `The cookie ${this.settings.cookieName} is s:<id>.<signature>, as express-session signs it.`;
    expect(id, why).not.toBe("");
    return id;
  }

  /** A browser with the same cookies, which sends the session cookie whatever its expiry. */
  keeper(browser: KitBrowser): KitBrowser {
    const [newest = ""] = this.settings.secrets;
    const keeper = browser.copy();
    this.setSessionCookie(keeper, sign(this.sessionId(browser), newest));
    return keeper;
  }

  /** A browser whose session cookie has this value and nothing else. */
  withCookie(value: string): KitBrowser {
    const browser = this.kit.browser();
    this.setSessionCookie(browser, value);
    return browser;
  }

  /** Replaces the session cookie, as one does by hand in a browser's tools. */
  setSessionCookie(browser: KitBrowser, value: string): void {
    browser.setCookie(`${this.settings.cookieName}=${encodeURIComponent(value)}; Path=/`);
  }
}

/** The cookie's value as express-session makes it. */
export function sign(id: string, secret: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `s:${id}.${signature}`;
}
