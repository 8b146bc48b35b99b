import { check, expect } from "../../../engine/grader/testkit.ts";
import { accounts, Bikes, sign } from "./bikes.ts";
import { readingCommands } from "./reading-commands.ts";

const own = { needs: "own" } as const;

export const checks = [
  check(1, "The right password signs in at main", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.signIn();
    const me = await browser.get("/me");
    expect(me.status, "After the login, main knows who it is.").toBe(200);
    expect(me.json).toEqual({ name: "ida.holm", role: "finance", language: "en" });

    const stranger = kit.browser();
    const wrong = await stranger.post("/login", { name: "ida.holm", password: "guess" });
    expect(wrong.status, "A wrong password is answered 401.").toBe(401);
    expect(wrong.json).toEqual({ error: "wrong name or password" });
    const nobody = await stranger.get("/me");
    expect(nobody.status, "After a wrong password the session belongs to nobody.").toBe(401);
  }),

  check(2, "A login at main is known to the service", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known("per.lund");
    const changed = await browser.request("PUT", "/language", { language: "da" });
    expect(changed.status, "PUT /language is answered 200 by main.").toBe(200);
    const answer = await bikes.whoami(browser);
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

  check(5, "The session holds no more than it needs", own, async (kit) => {
    const bikes = new Bikes(kit);
    await bikes.known();
    const sent = kit.redis.sent().join("\n");
    for (const { account } of accounts) {
      for (const secret of [account.email, account.telephone]) {
        const why = `The profile stays outside: ${secret} was sent to Redis.`;
        expect(sent.includes(secret), why).toBe(false);
      }
    }
  }),

  check(6, "The service never sets a cookie", {}, async (kit) => {
    const bikes = new Bikes(kit);
    for (const browser of [await bikes.known(), kit.browser(), bikes.withCookie("s:no.such")]) {
      for (const answer of [await bikes.whoami(browser), await bikes.invoices(browser)]) {
        expect([200, 401], "The service answers 200 or 401.").toContain(answer.status);
        const why = "Only main sets the session cookie: one from the service replaces the login.";
        expect(answer.setCookies, why).toEqual([]);
      }
    }
  }),

  check(7, "The service writes nothing to Redis", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const contents = async () =>
      (await kit.redis.keys()).map(({ name, texts }) => [name, ...texts].join(" ")).toSorted();
    const before = await contents();
    const { commands } = await kit.saw(async () => {
      for (const visitor of [browser, kit.browser(), bikes.withCookie("s:no.such")]) {
        await bikes.whoami(visitor);
        await bikes.invoices(visitor);
      }
    });
    const others = commands.filter(({ name }) => !readingCommands.has(name));
    const why = "The service reads keys that it can name, and does nothing else to Redis.";
    expect(
      others.map(({ args }) => args.join(" ")),
      why,
    ).toEqual([]);
    expect(await contents(), "Requests to the service leave every key as it was.").toEqual(before);
  }),

  check(8, "Reading at the service does not prolong the session", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const half = Math.floor(bikes.settings.sessionSeconds / 2);
    await kit.travel(`${half}s`);
    for (let read = 1; read <= 100; read += 1) {
      const { status } = await bikes.whoami(browser);
      expect(status, `Read ${read}, after half of the session's time: still signed in.`).toBe(200);
    }
    await kit.travel(`${half + 5}s`);
    const why = `sessionSeconds is ${bikes.settings.sessionSeconds}: so long after the last request to main the session is over, however often the service has read it.`;
    await bikes.refuses(browser, why);
  }),

  check(9, "A write at main survives a read at the service", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    let language = "en";
    const answer = await kit.stepThrough(
      () => bikes.whoami(browser.copy()),
      async (step) => {
        // Once, after the service has read: a later write would hide that this one was lost.
        if (step > 1) return;
        language = "da";
        const { status } = await browser.request("PUT", "/language", { language });
        expect(status, "While the service reads, main still writes.").toBe(200);
      },
      kit.program("service"),
    );
    expect(answer.status, "The service knows the session while main writes it.").toBe(200);
    await kit.quiet();
    const me = await browser.get("/me");
    const why =
      "What main wrote during the request is there afterwards: the service saves nothing.";
    expect(me.json, why).toMatchObject({ language });
  }),

  check(10, "A cookie that main has not signed is refused", {}, async (kit) => {
    const bikes = new Bikes(kit);
    const id = bikes.sessionId(await bikes.known());
    const forged = {
      "a signature with another secret": sign(id, "a guess"),
      "an empty signature": `s:${id}.`,
      "no signature": `s:${id}`,
      "the bare session ID": id,
    };
    for (const [what, value] of Object.entries(forged)) {
      await bikes.refuses(bikes.withCookie(value), `The cookie has ${what}: it is refused.`);
    }
  }),

  check(11, "Both secrets are accepted", {}, async (kit) => {
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
    expect(allowed.json).toEqual({ invoices: [{ number: "2026-0417", amountCents: 18_900 }] });

    const calls = kit.doors.calls("listInvoices").length;
    const refused = await bikes.invoices(await bikes.known("per.lund"));
    expect(refused.status, "The role customer is answered 403.").toBe(403);
    expect(refused.json).toEqual({ error: "not allowed" });
    const stranger = await bikes.invoices(kit.browser());
    expect(stranger.status, "Strangers are answered 401: one asks first who it is.").toBe(401);
    const later = kit.doors.calls("listInvoices").length;
    expect(later, "listInvoices is called for the role finance only.").toBe(calls);
  }),

  check(13, "Keys of another application are foreign", own, async (kit) => {
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

  check(14, "An expired session is no session", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    const thief = bikes.withCookie(sign(bikes.sessionId(browser), bikes.settings.secrets[0] ?? ""));
    await kit.travel(`${bikes.settings.sessionSeconds + 5}s`);
    const answer = await bikes.whoami(thief);
    expect(answer.status, "The session has expired: the service answers 401.").toBe(401);
    expect(answer.setCookies, "The service begins no session in its place.").toEqual([]);
  }),

  check(15, "A broken session does no harm", own, async (kit) => {
    const bikes = new Bikes(kit);
    for (const broken of ["{not json", "null", "[]", '{"cookie":1}']) {
      const browser = await bikes.known();
      // Only sessions: what else a submission keeps is its own affair.
      for (const { name } of await kit.redis.keys()) {
        if (name.startsWith(bikes.settings.prefix)) await kit.redis.command("SET", name, broken);
      }
      const answer = await bikes.whoami(browser);
      const why = `Redis holds ${broken} instead of the session: the service answers 401 or 503.`;
      expect([401, 503], why).toContain(answer.status);
      await bikes.known("per.lund");
    }
  }),

  check(16, "Without Redis the service answers 503", own, async (kit) => {
    const bikes = new Bikes(kit);
    const browser = await bikes.known();
    for (const [what, take] of [
      ["is gone", () => kit.cutRedis()],
      ["does not answer", () => kit.stallRedis()],
    ] as const) {
      take();
      const answer = await bikes.whoami(browser);
      expect(answer.status, `Redis ${what}: the service answers 503.`).toBe(503);
      expect(answer.json).toEqual({ error: "sessions are unavailable" });
      const why = `Redis ${what}: the answer comes within 2 seconds.`;
      expect(answer.durationMs, why).toBeLessThan(2000);
      await kit.restoreRedis();
      const back = await bikes.whoami(browser);
      expect(back.status, "Redis is back: the same cookie works, without a restart.").toBe(200);
    }
  }),
];
