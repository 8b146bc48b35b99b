import { setTimeout as delay } from "node:timers/promises";
import { check, expect, type KitBrowser } from "../../../engine/grader/testkit.ts";
import { accounts, Bikes, sign } from "./bikes.ts";
import { isWrite } from "./is-write.ts";

const own = { needs: "own" } as const;

/** For checks of what depends on the settings: other ones than those of the shared programs. */
const elsewhere = {
  needs: "own",
  settings: {
    cookieName: "staging.sid",
    secrets: ["winter-90c3d1aa", "autumn-7f1c0e5d"],
    prefix: "staging:portal:",
    sessionSeconds: 600,
  },
} as const;

const brokenTexts = [
  "{not json",
  "null",
  "[]",
  '{"cookie":1}',
  '{"account":{"name":"ida.holm"}}',
  '{"account":{"name":7,"role":"finance"}}',
  "",
];

function holds(browser: KitBrowser, name: string): string {
  return browser.cookie(name) === undefined ? "no such cookie" : "the cookie";
}

function listed(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["(none)"] : lines;
}

export const checks = [
  check(1, "The right password signs in at main", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = kit.browser();
    const login = await bikes.login("ida.holm", browser);
    const { cookieName } = bikes.settings;
    const cookie = browser.cookie(cookieName);
    const isAsAsked = cookie?.httpOnly === true && /^(lax|strict)$/.test(cookie.sameSite ?? "");
    kit.show("Set-Cookie of the login", isAsAsked ? [] : listed(login.setCookies));
    expect(cookie !== undefined, `The login sets the cookie ${cookieName}.`).toBe(true);
    expect(cookie?.httpOnly, `The cookie ${cookieName} is HttpOnly.`).toBe(true);
    const sameSite = `The cookie ${cookieName} is SameSite=Lax or Strict.`;
    expect(cookie?.sameSite ?? "no SameSite", sameSite).to.be.oneOf(["lax", "strict"]);

    const me = await browser.get("/me");
    expect(me.status, "After the login, main knows who it is.").toBe(200);
    const who = "GET /me has name, role and language.";
    expect(me.json, who).toEqual({ name: "ida.holm", role: "finance", language: "en" });

    const stranger = kit.browser();
    const wrong = await stranger.post("/login", { name: "ida.holm", password: "guess" });
    expect(wrong.status, "A wrong password is answered 401.").toBe(401);
    const body = "The body is that of the README.";
    expect(wrong.json, body).toEqual({ error: "wrong name or password" });
    const nobody = await stranger.get("/me");
    expect(nobody.status, "After a wrong password the session belongs to nobody.").toBe(401);
    expect(nobody.json, body).toEqual({ error: "not signed in" });
    const refused = await stranger.request("PUT", "/language", { language: "da" });
    expect(refused.status, "Nor can a stranger choose a language.").toBe(401);
    expect(refused.json, body).toEqual({ error: "not signed in" });
    const none = "Who has not signed in has no session, and so no session cookie.";
    expect(holds(stranger, cookieName), none).toBe("no such cookie");

    const old = browser.copy();
    await bikes.signIn("per.lund", browser);
    const now = await browser.get("/me");
    expect(now.json, "After a second login, the session is that of the second.").toMatchObject({
      name: "per.lund",
    });
    const before = await old.get("/me");
    const why = "A login begins a session with a new ID; the cookie from before is worth nothing.";
    expect(before.status, why).toBe(401);
  }),

  check(2, "A login at main is known to the service", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known("per.lund");
    const changed = await browser.request("PUT", "/language", { language: "da" });
    expect(changed.status, "PUT /language is answered 200 by main.").toBe(200);
    expect(changed.json, "PUT /language answers the language.").toEqual({ language: "da" });
    const answer = await bikes.whoami(browser);
    const other = kit.browser();
    for (const name of ["theme", `old-${bikes.settings.cookieName}`]) {
      other.setCookie(`${name}=s%3Adark.green; Path=/`);
    }
    await bikes.signIn("per.lund", other);
    const many = "The session cookie is found among others: one before it has a similar name.";
    expect((await bikes.whoami(other)).status, many).toBe(200);
    const why = "The service gives what the session at main says now: the language was changed.";
    expect(answer.json, why).toMatchObject({ name: "per.lund", role: "customer", language: "da" });
    await bikes.refuses(kit.browser(), "Somebody without a cookie is signed in nowhere.");
  }),

  check(3, "A logout at main ends it at the service at once", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const thief = browser.copy();
    const answer = await browser.post("/logout");
    expect(answer.status, "POST /logout is answered 204 by main.").toBe(204);
    const { cookieName } = bikes.settings;
    const gone = `The logout takes the cookie ${cookieName} back.`;
    const isGone = browser.cookie(cookieName) === undefined;
    kit.show("Set-Cookie of the logout", isGone ? [] : listed(answer.setCookies));
    expect(holds(browser, cookieName), gone).toBe("no such cookie");
    await bikes.refuses(
      thief,
      "After the logout the cookie is worth nothing, even to somebody who kept it.",
    );
  }),

  check(4, "The service gives out three fields only", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const answer = await bikes.whoami(await bikes.known());
    const why = "GET /whoami has name, role and language, and nothing else of the session.";
    expect(answer.json, why).toEqual({ name: "ida.holm", role: "finance", language: "en" });
  }),

  check(5, "The session holds no more than it needs", {}, async (kit) => {
    const bikes = new Bikes(kit);
    for (const { account } of accounts) {
      const browser = await bikes.signIn(account.name as "ida.holm" | "per.lund");
      await kit.quiet();
      const sent = kit.redis.sent().join("\n");
      for (const secret of [account.email, account.telephone]) {
        const why = `The profile stays outside of the session: ${secret} was sent to Redis.`;
        const by = kit.redis.log().find(({ args }) => args.join(" ").includes(secret));
        kit.show("It was sent by", by === undefined ? [] : [by.args.join(" ")]);
        expect(sent.includes(secret), why).toBe(false);
      }
      const known = "The service knows who has signed in at main.";
      expect((await bikes.whoami(browser)).status, known).toBe(200);
    }
  }),

  check(6, "The service never sets a cookie", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const left = await bikes.known();
    const leaver = left.copy();
    expect((await leaver.post("/logout")).status, "POST /logout is answered 204 by main.").toBe(
      204,
    );
    const visitors = [await bikes.known(), kit.browser(), bikes.withCookie("s:no.such"), left];
    for (const browser of visitors) {
      for (const answer of [await bikes.whoami(browser), await bikes.invoices(browser)]) {
        expect(answer.status, "The service answers 200 or 401.").to.be.oneOf([200, 401]);
        const why = "Only main sets the session cookie: one from the service replaces the login.";
        expect(answer.setCookies, why).toEqual([]);
      }
    }
  }),

  check(7, "The service writes nothing to Redis", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const { prefix } = bikes.settings;
    const contents = async () =>
      new Map((await kit.redis.keys()).map(({ name, texts }) => [name, texts.join(" ")]));
    const before = await contents();
    for (const visitor of [browser, kit.browser(), bikes.withCookie("s:no.such")]) {
      for (const send of [bikes.whoami, bikes.invoices]) {
        const { commands } = await kit.saw(async () => await send.call(bikes, visitor));
        const wrong: string[] = [];
        for (const { name, args } of commands) {
          if (await isWrite(kit, name)) wrong.push(args.join(" "));
        }
        const what = wrong.some((command) => command.includes(prefix))
          ? "This writes a key of a session, or its TTL, or looks through them."
          : "This concerns no session: it is the service's own.";
        const why = `The service reads keys that it can name, and does nothing else to Redis. ${what}`;
        expect(wrong, why).toEqual([]);
      }
    }
    const after = await contents();
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (key) => before.get(key) !== after.get(key),
    );
    const why = "Requests to the service leave every key as it was. These have changed.";
    expect(changed, why).toEqual([]);
  }),

  check(8, "Reading at the service does not prolong the session", elsewhere, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    // A browser may drop a cookie with an expiry; the session is what is asked about.
    const keeper = bikes.keeper(browser);
    const half = Math.floor(bikes.settings.sessionSeconds / 2);
    await kit.travel(`${half}s`);
    for (let round = 0; round < 4; round += 1) {
      const reads = Array.from({ length: 25 }, async () => await bikes.whoami(keeper));
      for (const { status } of await Promise.all(reads)) {
        expect(status, "After half of the session's time: still signed in.").toBe(200);
      }
    }
    await kit.travel(`${half + 5}s`);
    const why = `sessionSeconds is ${bikes.settings.sessionSeconds}: so long after the last request to main the session is over, however often the service has read it.`;
    await bikes.refuses(keeper, why);
  }),

  check(9, "A write at main survives every read", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const [service, other] = [kit.program("service"), await kit.secondInstance("main")];
    const readers = [
      { at: service, path: "/whoami", what: "a request to the service" },
      { at: other, path: "/me", what: "GET /me at a second instance of main" },
    ];
    for (const [turn, { at, path, what }] of readers.entries()) {
      // One request for each moment: a second write in it would hide that the first was lost.
      for (let moment = 0, failures = 0; moment < 20;) {
        const language = `x-${turn}-${moment}-${failures}`;
        let isWritten = false;
        const answer = await kit.stepThrough(
          () => browser.copy().get(path, { to: at }),
          async (step) => {
            if (step !== moment) return;
            isWritten = true;
            const { status } = await browser.request("PUT", "/language", { language });
            expect(status, "While one request reads, main still writes.").toBe(200);
          },
          at,
        );
        // On a busy machine the reply was held for longer than the client waits: once more.
        if (answer.status >= 500 && (failures += 1) < 5) continue;
        expect(answer.status, `Main writes the session while ${what} reads it.`).toBe(200);
        if (!isWritten) break;
        await kit.quiet();
        const me = await browser.get("/me");
        const why = `Main wrote "${language}" while ${what} was under way. It is there afterwards: what only reads saves nothing.`;
        expect(me.json, why).toMatchObject({ language });
        moment += 1;
      }
    }
  }),

  check(10, "A cookie that main has not signed is refused", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const signedIn = await bikes.known();
    const id = bikes.sessionId(signedIn);
    const forged = {
      "a signature with another secret": sign(id, "a guess"),
      "an empty signature": `s:${id}.`,
      "no signature": `s:${id}`,
      "the bare session ID": id,
    };
    for (const [what, value] of Object.entries(forged)) {
      // Whatever other cookies there are stay: they are no proof of anything.
      const forger = signedIn.copy();
      bikes.setSessionCookie(forger, value);
      await bikes.refuses(forger, `The session cookie has ${what}: it is refused.`);
    }
    await bikes.refuses(kit.browser(), "Without a cookie nobody is signed in.");
  }),

  check(11, "Every secret is accepted", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const id = bikes.sessionId(await bikes.known());
    for (const [index, secret] of bikes.settings.secrets.entries()) {
      const browser = bikes.withCookie(sign(id, secret));
      const why = `The cookie is signed with settings.secrets[${index}]: it is valid, or a change of secrets signs everybody out.`;
      expect((await bikes.whoami(browser)).status, `At the service. ${why}`).toBe(200);
      expect((await browser.get("/me")).status, `At main. ${why}`).toBe(200);
    }
  }),

  check(12, "Invoices need the role finance", own, async (kit) => {
    const bikes = new Bikes(kit);
    const allowed = await bikes.invoices(await bikes.known("ida.holm"));
    expect(allowed.status, "The role finance sees the invoices.").toBe(200);
    const list = { invoices: [{ number: "2026-0417", amountCents: 18_900 }] };
    expect(allowed.json, "The service gives what listInvoices returns.").toEqual(list);

    const calls = kit.doors.calls("listInvoices").length;
    const refused = await bikes.invoices(await bikes.known("per.lund"));
    expect(refused.status, "The role customer is answered 403.").toBe(403);
    expect(refused.json, "The body of 403.").toEqual({ error: "not allowed" });
    const stranger = await bikes.invoices(kit.browser());
    expect(stranger.status, "Strangers are answered 401: one asks first who it is.").toBe(401);
    const later = kit.doors.calls("listInvoices").length - calls;
    const why =
      "A customer and a stranger have asked for invoices: listInvoices is called for the role finance only.";
    expect(`${later} calls of listInvoices`, why).toBe("0 calls of listInvoices");
  }),

  check(13, "Keys of another application are foreign", elsewhere, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const { prefix } = bikes.settings;
    const keys = (await kit.redis.keys()).filter(({ name }) => name.startsWith(prefix));
    expect(keys.length, `Keys of sessions begin with settings.prefix, ${prefix}`).toBeGreaterThan(
      0,
    );
    for (const { name } of keys) {
      await kit.redis.command("RENAME", name, `crm:sess:${name.slice(prefix.length)}`);
    }
    const why = `The session lies under crm:sess: now, not under ${prefix}: it is another application's.`;
    await bikes.refuses(browser, why);
  }),

  check(14, "An expired session is no session", elsewhere, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const thief = bikes.withCookie(sign(bikes.sessionId(browser), bikes.settings.secrets[0] ?? ""));
    const { cookieName, sessionSeconds } = bikes.settings;
    await kit.travel(`${Math.ceil(sessionSeconds * 0.6)}s`);
    await browser.get("/me");
    await kit.travel(`${Math.ceil(sessionSeconds * 0.6)}s`);
    const rest = `sessionSeconds is ${sessionSeconds}, counted from the last request to main, which came after 60 % of it: the session lives on.`;
    expect((await bikes.whoami(thief)).status, rest).toBe(200);
    const moved = `The session lives on, and the browser still has its cookie ${cookieName}: an expiry of the cookie moves with each request to main, or there is none.`;
    expect(holds(browser, cookieName), moved).toBe("the cookie");
    await kit.travel(`${sessionSeconds + 5}s`);
    const answer = await bikes.whoami(thief);
    const why = `Main has heard nothing for ${sessionSeconds} seconds: the session has expired, and the service answers 401.`;
    expect(answer.status, why).toBe(401);
    expect(answer.json, why).toEqual({ error: "not signed in" });
    const none = "The service neither begins a session in its place nor takes the cookie away.";
    expect(answer.setCookies, none).toEqual([]);
  }),

  check(15, "A broken session does no harm", own, async (kit) => {
    const bikes = new Bikes(kit);
    const { prefix } = bikes.settings;
    for (const broken of [...brokenTexts, undefined]) {
      const browser = await bikes.known();
      // Only sessions: what else a submission keeps is its own affair.
      const names = (await kit.redis.keys()).map(({ name }) => name);
      for (const name of names.filter((each) => each.startsWith(prefix))) {
        await kit.redis.command("DEL", name);
        if (broken === undefined) await kit.redis.command("RPUSH", name, "no session");
        else await kit.redis.command("SET", name, broken);
      }
      const answer = await bikes.whoami(browser);
      const what = broken === undefined ? 'a list with the item "no session"' : broken;
      const why = `Redis holds ${what} where the session was: the service answers 401 or 503.`;
      expect(answer.status, why).to.be.oneOf([401, 503]);
      // The others are served.
      await bikes.known("per.lund");
    }
  }),

  check(16, "Without Redis the service answers 503", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const outages = [
      { outage: "Redis is gone", begin: kit.cutRedis },
      { outage: "Redis is there and does not answer", begin: kit.stallRedis },
    ];
    for (const { outage, begin } of outages) {
      await begin();
      const answer = await bikes.whoami(browser, 2000);
      const why = `${outage}: the service cannot know who it is, so it answers 503, within 2 seconds.`;
      expect(answer.status, why).toBe(503);
      expect(answer.json, why).toEqual({ error: "sessions are unavailable" });
      await kit.restoreRedis();

      const until = performance.now() + 5000;
      let back = await bikes.whoami(browser);
      while (back.status !== 200 && performance.now() < until) {
        await delay(20);
        back = await bikes.whoami(browser);
      }
      const again = `${outage}, and then it is back: within 5 seconds the same cookie works again, without a restart.`;
      expect(back.status, again).toBe(200);
    }
  }),
];
