import { check, expect, type KitBrowser } from "../../../engine/grader/testkit.ts";
import { bodies, Kitchen, rightPassword } from "./kitchen.ts";
import { knownPart, randomBits, unknownCharacters } from "./measuring.ts";
import { replaceLetter, replaceName } from "./tampering.ts";

/** For checks that let time pass: other numbers than those of the shared program. */
const timed = { sessionSeconds: 600, rememberSeconds: 10 * 86_400, graceSeconds: 60 } as const;
const HOUR_MS = 3_600_000;
const untilClosed = "until the browser is closed";

function lastsUntil(cookie: ReturnType<KitBrowser["cookie"]>): string {
  if (cookie === undefined) return "there is none";
  const { expiresAt } = cookie;
  return expiresAt === undefined ? untilClosed : `until ${new Date(expiresAt).toISOString()}`;
}

function names(browser: KitBrowser): string[] {
  return browser.cookies().map(({ name }) => name);
}

export const checks = [
  check(1, "Nobody is remembered who has not asked", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 1);
    for (const fields of [{}, { remember: false }]) {
      const name = kitchen.cook();
      const browser = kit.browser();
      const said = "remember" in fields ? "With remember: false" : "Without remember";
      const answer = await kitchen.login(browser, name, fields);
      kitchen.answered(answer, 200, { name }, `${said} the right password signs in.`);
      await kitchen.knows(browser, name, `${said} the browser is signed in until it is closed.`);
      const lasting = browser.cookies().filter((cookie) => cookie.expiresAt !== undefined);
      const why = `${said} no cookie has an expiry: on a shared device it would stay.`;
      const lines = lasting.map((cookie) => `${cookie.name}, ${lastsUntil(cookie)}`);
      expect(lines, why).toEqual([]);
      const none = `${said} there is no cookie called remember.`;
      expect(browser.cookie("remember"), none).toBeUndefined();
      browser.closeAndReopen();
      await kitchen.refuses(browser, `${said} the next person at this browser is a stranger.`);
    }
    const stranger = kit.browser();
    const guess = { password: "kitchen1", remember: true };
    const answer = await kitchen.login(stranger, kitchen.cook(), guess);
    kitchen.answered(answer, 401, bodies.wrong, "A wrong password does not sign in.");
    const none = "A wrong password is not remembered, whatever was asked.";
    expect(stranger.cookie("remember"), none).toBeUndefined();
    await kitchen.refuses(stranger, "After a wrong password the browser is a stranger.");
    const empty = await stranger.post("/login");
    kitchen.answered(empty, 401, bodies.wrong, "A login without a body does not sign in.");

    const [owner, guest] = [kitchen.cook(), kitchen.cook()];
    const shared = await kitchen.remembered(owner);
    const wrong = await kitchen.login(shared, guest, guess);
    kitchen.answered(wrong, 401, bodies.wrong, "A wrong password does not sign in.");
    const unchanged = "A wrong password changes nothing: who was signed in before stays so.";
    await kitchen.knows(shared, owner, unchanged);
    await kitchen.uses(shared, owner, "A wrong password does not end what remembers the browser.");
    const second = await kitchen.login(shared, guest, { remember: false });
    kitchen.answered(second, 200, { name: guest }, "The right password signs in.");
    await kitchen.knows(shared, guest, "The browser belongs to the one who signed in last.");
    const left = `${owner} was remembered in this browser, then ${guest} signed in without being remembered`;
    expect(shared.cookie("remember"), `${left}: no cookie called remember stays.`).toBeUndefined();
    shared.closeAndReopen();
    await kitchen.refuses(shared, `${left}: once it was closed, it belongs to nobody.`);
  }),

  check(2, "The token has a cookie of its own", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 2);
    const { rememberSeconds } = kitchen.settings;
    const before = Date.now();
    const browser = await kitchen.remembered(kitchen.cook());
    const after = Date.now();
    const cookie = browser.cookie("remember");
    expect(cookie?.httpOnly, "A script in the page must not read the token: HttpOnly.").toBe(true);
    const sameSite = "Other sites must not send the token along: SameSite=Lax or Strict.";
    expect(cookie?.sameSite?.toLowerCase() ?? "none", sameSite).toMatch(/^(lax|strict)$/);
    expect(cookie?.path, "The token is sent to every page: Path=/.").toBe("/");
    const forGood = "The cookie has an expiry: else it goes when the browser is closed.";
    expect(lastsUntil(cookie), forGood).not.toBe(untilClosed);
    const why = `The cookie ends rememberSeconds (${rememberSeconds}) after the login, give or take a minute; counted here are seconds. Express counts maxAge in milliseconds.`;
    const endsAt = cookie?.expiresAt ?? 0;
    const shortest = Math.ceil((endsAt - before) / 1000);
    expect(shortest, why).toBeGreaterThanOrEqual(rememberSeconds - 60);
    const longest = Math.floor((endsAt - after) / 1000);
    expect(longest, why).toBeLessThanOrEqual(rememberSeconds + 60);
    const session = browser.cookie("sid");
    expect(names(browser), "The login makes a session, with the cookie sid.").toContain("sid");
    const own = "sid has no expiry, remembered or not: the token does the remembering.";
    expect(lastsUntil(session), own).toBe(untilClosed);
  }),

  check(3, "A remembered login survives a closed browser", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 3);
    const name = kitchen.cook();
    const browser = await kitchen.remembered(name);
    for (const time of ["once", "twice"]) {
      browser.closeAndReopen();
      const why = `The browser was closed ${time}: the cookie remember signs it in again.`;
      await kitchen.knows(browser, name, why);
      const session = "A token that is used makes a session, with the cookie sid.";
      expect(names(browser), session).toContain("sid");
      const alone = browser.copy();
      alone.removeCookie("remember");
      await kitchen.knows(alone, name, "The session that the token made works by itself.");
    }
  }),

  check(
    4,
    "A remembered login survives the end of the session",
    { needs: "own", settings: timed },
    async (kit) => {
      const kitchen = new Kitchen(kit, 4);
      const { sessionSeconds } = kitchen.settings;
      const [name, other] = [kitchen.cook(), kitchen.cook()];
      const browser = await kitchen.remembered(name);
      const plain = await kitchen.signedIn(other);
      for (const time of ["first", "second"]) {
        await kit.travel((sessionSeconds + 60) * 1000);
        const why = `The session has ended for the ${time} time, and the browser still sends its sid: the token signs in.`;
        await kitchen.knows(browser, name, why);
      }
      await kitchen.refuses(plain, "A login that is not remembered ends with its session.");
      await kit.restart();
      await kitchen.uses(browser, name, "After a restart of the app the token still signs in.");
      const second = await kit.secondInstance();
      browser.removeCookie("sid");
      const answer = await browser.get("/me", { to: second });
      const why = "A second instance of the app knows the token too: it is in Redis.";
      kitchen.answered(answer, 200, { name }, why);

      const busy = await kit.start({ ...timed, rememberSeconds: 2 * sessionSeconds });
      const days = new Kitchen(busy, 4);
      const cook = days.cook();
      const open = await days.signedIn(cook);
      for (let visit = 1; visit <= 8; visit += 1) {
        await busy.travel((sessionSeconds - 60) * 1000);
        const idle = `Visit ${visit}: the session was used within sessionSeconds (${sessionSeconds}) each time, so it goes on, however short rememberSeconds (${2 * sessionSeconds}) is.`;
        await days.knows(open, cook, idle);
      }
    },
  ),

  check(5, "A token cannot be guessed", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 5);
    const name = kitchen.cook();
    const browsers = Array.from({ length: 24 }, () => kit.browser());
    const answers = await kit.burst(
      browsers.map((browser) => () => kitchen.login(browser, name, { remember: true })),
    );
    for (const answer of answers) {
      kitchen.answered(answer, 200, { name }, "An account may sign in in many browsers at once.");
    }
    const tokens = browsers.map((browser) => kitchen.token(browser));
    kit.show("Three of the 24 tokens", tokens.slice(0, 3));
    const equal = "24 logins of one account in one millisecond get 24 different tokens.";
    expect(new Set(tokens).size, equal).toBe(24);
    const bits =
      "A token has at least 128 random bits; counted here are the places where the 24 differ.";
    expect(randomBits(tokens), bits).toBeGreaterThanOrEqual(128);
    const [first = kit.browser()] = browsers;
    await kitchen.uses(first, name, "Each of the tokens signs in.");
  }),

  check(6, "A token that was changed signs nobody in", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 6);
    const proof = kitchen.cook();
    await kitchen.uses(await kitchen.remembered(proof), proof, "A token as it was given signs in.");
    for (const share of [0.1, 0.3, 0.55, 0.7, 0.85]) {
      // An account for each: a changed token may be taken for a theft.
      const token = kitchen.token(await kitchen.remembered(kitchen.cook()));
      const changed = replaceLetter(token, share);
      const why = "One letter of the token was replaced: what came of it was never given out.";
      await kitchen.refuses(kitchen.holding(changed), why);
    }
    const [own, foreign] = [kitchen.cook(), kitchen.cook()];
    await kitchen.remembered(foreign);
    const token = kitchen.token(await kitchen.remembered(own));
    for (const changed of replaceName(token, own, foreign)) {
      const answer = await kitchen.holding(changed).get("/me");
      const why = `In the token of ${own} the name was replaced by ${foreign}: who it is, only Redis may say.`;
      const found = (answer.json as { name?: unknown } | undefined)?.name ?? "nobody";
      expect(found, why).not.toBe(foreign);
    }
  }),

  check(7, "Nobody can take a token from Redis", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 7);
    const name = kitchen.cook();
    const browser = await kitchen.remembered(name);
    const first = kitchen.token(browser);
    await kitchen.uses(browser, name, "The token signs in.");
    const second = kitchen.token(browser);
    await kit.quiet();
    const texts = kit.redis.sent();
    for (const token of new Set([first, second])) {
      const why =
        "At least 16 characters of the token are nowhere in what Redis was sent: else a copy of Redis is as good as all passwords.";
      const unknown = unknownCharacters(token, texts);
      if (unknown < 16) {
        const parts = kit.redis.log().flatMap(({ args }) => {
          const part = knownPart(token, args);
          const by = args.filter((arg, at) => at < 2 && !/\s/.test(arg)).join(" ");
          return part === undefined ? [] : [`${part} by ${by}`];
        });
        kit.show("Parts of the token that Redis was sent", [...new Set(parts)]);
      }
      expect(unknown, why).toBeGreaterThanOrEqual(16);
    }
  }),

  check(8, "Whoever signs in gets a new session ID", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 8);
    const name = kitchen.cook();
    // Somebody has planted a session in the browser and knows its ID.
    const plant = async () => {
      const planted = kit.browser();
      const answer = await planted.request("PUT", "/language", { language: "de" });
      kitchen.done(answer, "A stranger may choose a language.");
      return { planted, sid: planted.cookie("sid")?.value ?? "" };
    };
    const atLogin = await plant();
    const browser = atLogin.planted.copy();
    kitchen.answered(
      await kitchen.login(browser, name, { remember: true }),
      200,
      { name },
      "The right password signs in.",
    );
    await kitchen.knows(browser, name, "After a login GET /me says who it is.");
    const login = "A login replaces the session ID that the browser came with.";
    expect(browser.cookie("sid")?.value === atLogin.sid, login).toBe(false);
    await kitchen.refuses(atLogin.planted, "The ID from before the login is signed in nowhere.");

    const atUse = await plant();
    browser.setCookie(`sid=${atUse.sid}; Path=/`);
    const living = "A living session without an account does not keep the token from signing in.";
    await kitchen.knows(browser, name, living);
    const use = "A token that is used replaces the session ID that the browser came with.";
    expect(browser.cookie("sid")?.value === atUse.sid, use).toBe(false);
    await kitchen.refuses(atUse.planted, "The ID from before is signed in nowhere.");
  }),

  check(9, "A broken cookie is no token", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 9);
    const name = kitchen.cook();
    const proof = await kitchen.remembered(name);
    const form = kitchen.token(proof);
    await kitchen.uses(proof, name, "A token as it was given signs in.");
    // One account for each: a token that is cut off may be taken for a theft.
    const given = async () => kitchen.token(await kitchen.remembered(kitchen.cook()));
    const broken: readonly (readonly [string, string])[] = [
      ["empty", ""],
      ["a point", "."],
      ["made up", "0123456789abcdef"],
      ["of the right form, and made up", form.replaceAll(/[a-z\d]/gi, "a")],
      ["cut off", (await given()).slice(0, -5)],
      ["cut in the middle", (await given()).slice(0, form.length / 2)],
      ["too long by some letters", `${await given()}abc`],
      ["3000 letters long", "a".repeat(3000)],
      ["badly encoded", "%E0%A4%A"],
      ["JSON", 'j:{"name":"nadia.berg"}'],
      ["the name of something that every object has", "__proto__.constructor"],
      ["a name", name],
    ];
    for (const [what, value] of broken) {
      const headers = { Cookie: `remember=${value}` };
      const answer = await kit.browser().get("/me", { headers });
      const why = `The cookie remember is ${what}: that browser is a stranger, and nothing breaks.`;
      kitchen.answered(answer, 401, bodies.stranger, why);
      const fields = { name, password: rightPassword };
      const login = await kit.browser().post("/login", fields, { headers });
      kitchen.answered(
        login,
        200,
        { name },
        `The cookie remember is ${what}: a login still works.`,
      );
    }
  }),

  check(
    10,
    "A token is replaced when it is used",
    { needs: "own", settings: timed },
    async (kit) => {
      const kitchen = new Kitchen(kit, 10);
      const { graceSeconds } = kitchen.settings;
      const name = kitchen.cook();
      const browser = await kitchen.remembered(name);
      const tokens = [kitchen.token(browser)];
      for (const use of [1, 2, 3]) {
        await kit.travel((graceSeconds + 5) * 1000);
        await kitchen.uses(browser, name, `Use ${use}: the token that the browser holds signs in.`);
        const token = kitchen.token(browser);
        const why = `Use ${use}: the browser gets a token that it has not had before.`;
        expect(tokens.includes(token), why).toBe(false);
        tokens.push(token);
      }
      await kit.travel((graceSeconds + 5) * 1000);
      const [first = ""] = tokens;
      const why = `The token was replaced more than graceSeconds (${graceSeconds}) ago: it no longer signs in.`;
      await kitchen.refuses(kitchen.holding(first), why);
    },
  ),

  check(11, "Tabs that open at once all get in", { needs: "own", settings: timed }, async (kit) => {
    const kitchen = new Kitchen(kit, 11);
    const { graceSeconds } = kitchen.settings;
    const later: { browser: ReturnType<typeof kit.browser>; name: string; why: string }[] = [];
    for (const last of ["last", "first"] as const) {
      const name = kitchen.cook();
      const browser = await kitchen.remembered(name);
      browser.removeCookie("sid");
      const tabs = Array.from({ length: 6 }, () => browser.copy());
      const answers = await kit.burst(tabs.map((tab) => () => tab.get("/me")));
      for (const answer of answers) {
        const why = "Six tabs send the same token at the same moment: each is let in.";
        kitchen.answered(answer, 200, { name }, why);
      }
      // The tabs share their cookies; answers may arrive in any order.
      const arriving = last === "last" ? answers : answers.toReversed();
      for (const line of arriving.flatMap(({ setCookies }) => setCookies)) browser.setCookie(line);
      const why = `Six tabs used one token at once, and all were let in. The browser keeps the token of the answer that arrives last, and that was the one that was sent ${last}: more than graceSeconds (${graceSeconds}) later it signs in.`;
      later.push({ browser, name, why });
    }
    const name = kitchen.cook();
    const slow = await kitchen.remembered(name);
    const old = kitchen.holding(kitchen.token(slow));
    await kitchen.uses(slow, name, "The token signs in.");
    await kit.travel((graceSeconds - 20) * 1000);
    const within = `The token was replaced ${graceSeconds - 20} seconds ago, graceSeconds is ${graceSeconds}: it still signs in.`;
    const answer = await old.get("/me");
    kitchen.answered(answer, 200, { name }, within);
    for (const line of answer.setCookies) slow.setCookie(line);
    const why = "A late tab was let in by the old token: the browser is still remembered.";
    later.push({ browser: slow, name, why });

    const again = kitchen.cook();
    const quick = await kitchen.remembered(again);
    const oldest = kitchen.holding(kitchen.token(quick));
    await kitchen.uses(quick, again, "The token signs in.");
    await kitchen.uses(quick, again, "Its successor signs in.");
    const both = `Two tokens have replaced this one, both within graceSeconds (${graceSeconds}): a tab that still sends it is late, and no thief.`;
    await kitchen.knows(oldest, again, both);
    await kitchen.uses(quick, again, `${both} The newest token signs in as before.`);

    await kit.travel((graceSeconds + 5) * 1000);
    for (const each of later) await kitchen.uses(each.browser, each.name, each.why);
  }),

  check(12, "A copied token locks the account", { needs: "own", settings: timed }, async (kit) => {
    const kitchen = new Kitchen(kit, 12);
    const { graceSeconds } = kitchen.settings;
    const bystander = kitchen.cook();
    const neighbour = await kitchen.remembered(bystander);
    const scenes = [
      { first: "The owner came first", uses: 1, days: 0 },
      { first: "The thief came first", uses: 1, days: 0 },
      { first: "Three tokens and two days later", uses: 3, days: 2 },
    ];
    for (const { first, uses, days } of scenes) {
      const name = kitchen.cook();
      const browser = await kitchen.remembered(name);
      const copy = kitchen.holding(kitchen.token(browser));
      const [comes, late] = first.startsWith("The thief") ? [copy, browser] : [browser, copy];
      late.removeCookie("sid");
      for (let use = 1; use <= uses; use += 1) {
        await kitchen.uses(comes, name, `${first}: the token that this browser holds signs in.`);
        await kit.travel((graceSeconds + 5) * 1000 + (days * 86_400_000) / uses);
      }
      const second = await kitchen.remembered(name);
      const session = await kitchen.signedIn(name);
      await kitchen.knows(comes, name, `${first}: nothing is known of a theft yet.`);
      await kitchen.knows(second, name, `${first}: nothing is known of a theft yet.`);

      const why = `${first}. The token was replaced more than graceSeconds (${graceSeconds}) ago and is used again`;
      await kitchen.refuses(late, `${why}: it is refused.`);
      await kitchen.refusesBoth(comes, `${why}. All ends for the browser that has used it before`);
      await kitchen.refusesBoth(second, `${why}. All ends for the account's other browsers`);
      await kitchen.refuses(session, `${why}: sessions that nobody remembers are ended too.`);
      const again = await kitchen.remembered(name);
      await kitchen.uses(again, name, `${why}: with the password everything begins anew.`);
      await kitchen.knows(neighbour, bystander, `${why}: other accounts are not concerned.`);
    }
  }),

  check(13, "A logout ends this browser on the server", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 13);
    for (const sends of ["sid and remember", "only remember"]) {
      // An account for each: a token that was logged out may be taken for a theft.
      const name = kitchen.cook();
      const other = await kitchen.remembered(name);
      const browser = await kitchen.remembered(name);
      await kitchen.knows(browser, name, "A login signs in.");
      if (sends === "only remember") browser.removeCookie("sid");
      const copy = browser.copy();
      kitchen.done(await browser.post("/logout"), `A logout with ${sends} is answered 204.`);
      await kitchen.refuses(browser, `After a logout with ${sends} the browser is a stranger.`);
      kitchen.holdsNothing(browser, `After a logout with ${sends}`);
      await kitchen.knows(other, name, "Another browser of the account stays signed in.");
      await kitchen.uses(other, name, "Another browser of the account stays remembered.");
      await kitchen.refusesBoth(
        copy,
        `A logout with ${sends}, and somebody had copied the cookies`,
      );
    }
  }),

  check(14, "A logout everywhere ends all", {}, async (kit) => {
    const kitchen = new Kitchen(kit, 14);
    const bystander = kitchen.cook();
    const neighbour = await kitchen.remembered(bystander);
    const stranger = await kit.browser().post("/logout-everywhere");
    kitchen.answered(stranger, 401, bodies.stranger, "A stranger has nothing to end.");
    const name = kitchen.cook();
    for (const sends of ["sid and remember", "only remember"]) {
      const browser = await kitchen.remembered(name);
      const second = await kitchen.remembered(name);
      const session = await kitchen.signedIn(name);
      await kitchen.knows(browser, name, "A login signs in.");
      await kitchen.knows(second, name, "One account may be signed in in many browsers.");
      const copy = browser.copy();
      if (sends === "only remember") browser.removeCookie("sid");
      const answer = await browser.post("/logout-everywhere");
      kitchen.done(answer, `A logout everywhere with ${sends} is answered 204.`);
      kitchen.holdsNothing(browser, `After a logout everywhere with ${sends}`);
      const where = `A logout everywhere with ${sends} was sent`;
      await kitchen.refusesBoth(browser, `${where} by this browser`);
      await kitchen.refusesBoth(copy, `${where}, and somebody had copied the cookies`);
      await kitchen.refusesBoth(second, `${where} by another browser of the account`);
      await kitchen.refuses(session, `${where}: sessions that nobody remembers are ended too.`);
      await kitchen.knows(neighbour, bystander, `${where}: other accounts are not concerned.`);
    }
    await kitchen.uses(neighbour, bystander, "Other accounts stay remembered.");
    const again = await kitchen.remembered(name);
    await kitchen.uses(again, name, "With the password everything begins anew.");
  }),

  check(
    15,
    "The server ends it, whatever the browser keeps",
    { needs: "own", settings: { ...timed, sessionSeconds: 7200 } },
    async (kit) => {
      const kitchen = new Kitchen(kit, 15);
      const rememberMs = kitchen.settings.rememberSeconds * 1000;
      const [idle, busy, late] = [kitchen.cook(), kitchen.cook(), kitchen.cook()];
      // These keep their cookies for ever.
      const keeps = async (name: string) =>
        kitchen.holding(kitchen.token(await kitchen.remembered(name)));
      const [unused, used] = [await keeps(idle), await keeps(busy)];
      await kitchen.remembered(late);
      await kit.travel(24 * HOUR_MS);
      // In another browser this account is remembered for a day already.
      const patient = await keeps(late);
      await kitchen.uses(used, busy, "A day after the login the token signs in.");
      const kept = kitchen.holding(kitchen.token(used));
      await kit.travel(rememberMs - 23 * HOUR_MS);
      const after =
        "An hour after rememberSeconds an unused token is worth nothing, though the browser has kept it.";
      await kitchen.refuses(unused, after);
      await kit.travel(22 * HOUR_MS);
      const before = "An hour before rememberSeconds have passed an unused token still signs in.";
      await kitchen.uses(patient, late, before);
      await kit.travel(2 * HOUR_MS);
      const replaced =
        "rememberSeconds and an hour after the last use, the token that came of it is worth nothing.";
      await kitchen.refuses(kept, replaced);
    },
  ),

  check(16, "No key stays for ever", { needs: "own", settings: timed }, async (kit) => {
    const kitchen = new Kitchen(kit, 16);
    const { graceSeconds } = kitchen.settings;
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
    const name = kitchen.cook();
    const browser = kit.browser();
    const login = await step("a login", () => kitchen.login(browser, name, { remember: true }));
    kitchen.answered(login, 200, { name }, "The right password signs in.");
    const old = kitchen.holding(kitchen.token(browser));
    const tab = old.copy();
    browser.removeCookie("sid");
    const used = await step("the use of a token", () => browser.get("/me"));
    kitchen.answered(used, 200, { name }, "The token signs in.");
    // What these two are answered is the affair of other checks.
    await step("its use by a second tab", () => tab.get("/me"));
    await kit.travel((graceSeconds + 5) * 1000);
    await step("its use by a thief", () => old.get("/me"));
    const leaving = await kitchen.remembered(name);
    kitchen.done(
      await step("a logout", () => leaving.post("/logout")),
      "A logout is answered 204.",
    );
    const ending = await kitchen.remembered(name);
    const all = await step("a logout everywhere", () => ending.post("/logout-everywhere"));
    kitchen.done(all, "A logout everywhere is answered 204.");
  }),
];
