import { setTimeout as delay } from "node:timers/promises";
import { type Answer, check, expect, type KitBrowser } from "../../../engine/grader/testkit.ts";
import { looksEverywhere } from "./looks-everywhere.ts";
import { analyst, customer, expectAbout, Shop } from "./shop.ts";
import type { Report } from "./starter/app.ts";
import { tracesOf } from "./traces-of.ts";

const HOUR_MS = 3_600_000;
const own = { needs: "own" } as const;
/** Each check of a setting has other numbers than the shared program. */
const lively = { needs: "own", settings: { activeSeconds: 1000, visitGapSeconds: 600 } } as const;
const patient = { needs: "own", settings: { activeSeconds: 300, visitGapSeconds: 6000 } } as const;
/** What is known of a visitor now is still known a day later: it goes by being taken out, not with its key. */
const long = {
  needs: "own",
  settings: { activeSeconds: 88_000, visitGapSeconds: 90_000, keepDays: 2 },
} as const;

export const checks = [
  check(1, "Every view of a page is counted, by its path", {}, async (kit) => {
    const shop = new Shop(kit);
    await shop.withinOneDay(async (attempt) => {
      // Products that no other check looks at.
      const [tent, rope] = [`/products/tent-10${attempt}`, `/products/rope-10${attempt}`];
      const page = await kit.browser().get("/");
      expect(page.json, "The page as the starter has it.").toEqual({ page: "Kestrel Outdoor" });
      const product = await kit.browser().get(rope);
      expect(product.status, "The page of a product is answered 200.").toBe(200);
      expect(product.json, "As the starter has it.").toMatchObject({ id: rope.split("/").at(-1) });
      for (const path of [tent, tent, `${tent}?colour=red`, `${tent}/`]) {
        await shop.view(kit.browser(), path);
      }
      const report = await shop.report();
      const one = `One browser has viewed ${rope}. ${uncounted}`;
      expect(countOf(report, rope), one).toEqual({ [rope]: 1 });
      const four = `${tent} was viewed four times, once with ?colour=red and once with a slash at the end: it is one page.`;
      expect(countOf(report, tent), four).toEqual({ [tent]: 4 });
      const home = report.paths["/"] ?? 0;
      await shop.view(kit.browser());
      const later = await shop.report();
      const like = "The home page is a page like the others.";
      expect(countOf(later, "/"), like).toEqual({ "/": home + 1 });
      const alone = "A view of one page leaves the others alone.";
      expect(countOf(later, rope), alone).toEqual({ [rope]: 1 });
      const sum = Object.values(later.paths).reduce((total, views) => total + views, 0);
      expect(later.views, "views is the sum of all paths.").toBe(sum);
    });
  }),

  check(2, "Nothing else is counted", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(12);
    const browsers = Array.from({ length: 3 }, () => kit.browser());
    // Cookies first: what they do below could otherwise not be told from a bot's.
    for (const browser of browsers) await shop.view(browser, "/products/stove-1");
    for (const browser of browsers) {
      const missing = await browser.get("/products/no-such-thing");
      expect(missing.status, "An unknown product is answered 404.").toBe(404);
      expect(missing.json, "As the starter has it.").toEqual({ error: "no such product" });
      expect((await browser.get("/wp-login.php")).status, "There is no such page.").toBe(404);
      await shop.signIn(browser, customer);
      // Refused or not, which is for another check to say: it is no view.
      await browser.get("/admin/report");
      await browser.post("/logout");
    }
    await shop.report();
    const report = await shop.report();
    const why =
      "Three pages were viewed. Unknown addresses, logins and the report itself count nowhere.";
    expect(report.paths, why).toEqual({ "/products/stove-1": 3 });
    expect(report.views, why).toBe(3);
    const nobody =
      "Three browsers have viewed one page each, and done other things: only a second view makes a visitor.";
    const { visitors, activeNow, visits } = report;
    expect({ visitors, activeNow, visits }, nobody).toEqual({
      visitors: 0,
      activeNow: 0,
      visits: 0,
    });
  }),

  check(3, "The report is for analysts", {}, async (kit) => {
    const shop = new Shop(kit);
    await shop.report();
    const stranger = await kit.browser().get("/admin/report");
    expect(stranger.status, "Nobody is signed in: 401.").toBe(401);
    expect(stranger.json, "The body of 401.").toEqual({ error: "not signed in" });
    const browser = kit.browser();
    await shop.signIn(browser, customer);
    const refused = await browser.get("/admin/report");
    expect(refused.status, "A customer is signed in, and no analyst: 403.").toBe(403);
    expect(refused.json, "The body of 403.").toEqual({ error: "not allowed" });
    await shop.signIn(browser, analyst);
    const allowed = await browser.get("/admin/report");
    expect(allowed.status, "The same browser, now signed in as an analyst: 200.").toBe(200);
    await browser.post("/logout");
    const after = await browser.get("/admin/report");
    expect(after.status, "After the logout: 401.").toBe(401);
  }),

  check(4, "A browser is one visitor of a day", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(8);
    const browsers = await shop.visitors(3, "/products/tent-1");
    for (const { name, httpOnly, sameSite } of browsers[0]?.cookies() ?? []) {
      expect(httpOnly, `The cookie ${name} is HttpOnly.`).toBe(true);
      const lax = `The cookie ${name} is SameSite=Lax or Strict.`;
      expect(sameSite, lax).to.be.oneOf(["lax", "strict"]);
    }
    for (const browser of browsers) await shop.view(browser, "/products/tent-2");
    const report = await shop.report();
    expectAbout(report.visitors, 3, "Three browsers have viewed three pages each: three visitors.");

    const forgeries = [
      { what: "other letters", forge: otherLetters },
      { what: "one other letter", forge: (value: string) => otherLetters(value, 1) },
    ];
    for (const { what, forge } of forgeries) {
      for (const browser of browsers) {
        const forger = kit.browser();
        for (const { name, value } of browser.cookies()) {
          const forged = encodeURIComponent(forge(decodeURIComponent(value)));
          forger.setCookie(`${name}=${forged}; Path=/`);
        }
        await shop.view(forger, "/products/tent-2");
      }
      const why = `Three views came with ${what} in their cookies, as this app has never given them out: they add nobody.`;
      expectAbout((await shop.report()).visitors, 3, why);
    }
  }),

  check(5, "It stays one when it comes back or signs in", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(8);
    const browsers = await shop.visitors(3);
    expectAbout((await shop.report()).visitors, 3, "Three browsers, three visitors.");
    const view = async () => {
      for (const browser of browsers) {
        await shop.view(browser);
        await shop.view(browser);
      }
      return await shop.report();
    };
    for (const browser of browsers) await shop.signIn(browser, customer);
    const signedIn = await view();
    expectAbout(signedIn.visitors, 3, "The three have signed in: a new session is no new visitor.");
    for (const browser of browsers) await browser.post("/logout");
    const signedOut = await view();
    expectAbout(signedOut.visitors, 3, "The three have signed out: still the same visitors.");
    const three = "Three visitors came, signed in and signed out, without a pause: three visits.";
    const visits = { afterLogin: signedIn.visits, afterLogout: signedOut.visits };
    expect(visits, three).toEqual({ afterLogin: 3, afterLogout: 3 });
    for (const browser of browsers) browser.closeAndReopen();
    await shop.travel(3 * HOUR_MS);
    const closed =
      "The browsers were closed, and come back three hours later without any cookie: a cookie that has no end ends with the browser.";
    for (const browser of browsers) expectCookie(browser, closed);
    const why =
      "Three browsers were closed and came back three hours later, on the same day: the same three visitors.";
    expectAbout((await view()).visitors, 3, why);
  }),

  check(6, "Who keeps no cookies is no visitor", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(12);
    await shop.report();
    const sessions = async () =>
      (await kit.redis.keys()).filter(({ name }) => name.startsWith("sess:")).length;
    const before = await sessions();
    const bots = Array.from({ length: 15 }, () => kit.browser());
    for (const bot of bots) await shop.view(bot);
    const report = await shop.report();
    expect(report.paths["/"], "15 views without cookies are 15 views.").toBe(15);
    const { visitors, activeNow, visits } = report;
    const why =
      "15 views came without cookies. They are no visitors: a bot that keeps no cookies would be a new one each time.";
    expect({ visitors, activeNow, visits }, why).toEqual({
      visitors: 0,
      activeNow: 0,
      visits: 0,
    });
    const none =
      "15 views without a login make no sessions, or bots would fill Redis with them. Counted here are the keys that begin with sess:, the analyst's among them.";
    expect(await sessions(), none).toBe(before);
    await shop.visitor();
    const one = "A browser that brings the cookies of its first view with its second is a visitor.";
    expect((await shop.report()).visitors, one).toBe(1);
  }),

  check(7, "Active are those who were here a moment ago", lively, async (kit) => {
    const shop = new Shop(kit);
    const { activeSeconds } = shop.settings;
    await shop.reach(8);
    shop.showViews();
    const browsers = await shop.visitors(6);
    const window = `activeSeconds is ${activeSeconds}.`;
    expectAbout((await shop.report()).activeNow, 6, `${window} Six have just viewed a page.`);
    const step = Math.round(activeSeconds * 0.65);
    await shop.travel(step * 1000);
    const still = `${window} ${step} seconds later all six are still active.`;
    expectAbout((await shop.report()).activeNow, 6, still);
    for (const browser of browsers.slice(0, 3)) await shop.view(browser);
    await shop.travel(step * 1000);
    const half = `${window} Three viewed a page ${step} seconds ago, the other three ${2 * step}.`;
    expectAbout((await shop.report()).activeNow, 3, half);
    await shop.travel(2 * step * 1000);
    const nobody = `${window} The last view was ${3 * step} seconds ago: nobody is active.`;
    expect((await shop.report()).activeNow, nobody).toBe(0);
  }),

  check(8, "A visit ends by itself", patient, async (kit) => {
    const shop = new Shop(kit);
    const { visitGapSeconds } = shop.settings;
    const gap = `visitGapSeconds is ${visitGapSeconds}.`;
    await shop.reach(8);
    shop.showViews();
    const empty = await shop.report();
    expect(empty.averageVisitSeconds, "No visit, no length: 0.").toBe(0);
    const began = performance.now();
    const step = visitGapSeconds / 1.5;
    const one = await shop.visitor();
    for (let view = 0; view < 3; view += 1) {
      await shop.travel(step * 1000);
      await shop.view(one);
    }
    const first = await shop.report();
    const every = `${gap} A visitor viewed a page every ${step} seconds, and is still in the first visit.`;
    expect(first.visits, every).toBe(1);
    expectLength(first.averageVisitSeconds, 3 * step, began, every);
    const other = await shop.visitor();
    const both = await shop.report();
    const why = `${gap} A second visitor has come: two visits.`;
    expect(both.visits, why).toBe(2);
    const lasted = `${why} They have lasted ${3 * step} and 0 seconds.`;
    expectLength(both.averageVisitSeconds, 1.5 * step, began, lasted);

    const pause = visitGapSeconds + 20;
    await shop.travel(pause * 1000);
    await shop.view(one);
    await shop.view(other);
    await shop.travel((step / 2) * 1000);
    await shop.view(other);
    const second = await shop.report();
    const later = `${gap} Both came back after ${pause} seconds: two more visits.`;
    expect(second.visits, later).toBe(4);
    const lengths = `${later} The four lasted ${3 * step}, 0, 0 and ${step / 2} seconds; nobody has signed out.`;
    expectLength(second.averageVisitSeconds, 0.875 * step, began, lengths);
  }),

  check(9, "A day begins at midnight UTC", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(22.5);
    shop.showViews();
    const evening = shop.today();
    for (let view = 0; view < 3; view += 1) await shop.view(kit.browser(), "/products/tent-1");
    const visitor = await shop.visitor("/products/tent-1");
    expectCookie(visitor, "The first view gives the browser a cookie, by which it is known again.");
    await shop.report();
    await shop.travel(3 * HOUR_MS);
    const night = shop.today();
    const lives = "The cookie of the first view is to live for two days.";
    expectCookie(visitor, `${lives} After three hours, at 01:30 UTC, it has ended.`);
    await shop.view(visitor, "/products/rope-1");
    const before = await shop.report(evening);
    const why = `Five views came at 22:30 UTC on ${evening}, one at 01:30 UTC on ${night}.`;
    expect(before.day, "The report of the day that was asked for.").toBe(evening);
    const after = await shop.report(night);
    const pages = ["/products/tent-1", "/products/rope-1"];
    const viewsOf = ({ paths }: Report) =>
      Object.fromEntries(pages.flatMap((page) => (paths[page] ? [[page, paths[page]]] : [])));
    expect({ [evening]: viewsOf(before), [night]: viewsOf(after) }, why).toEqual({
      [evening]: { "/products/tent-1": 5 },
      [night]: { "/products/rope-1": 1 },
    });
    expect((await shop.report()).day, "Without ?day= it is today's.").toBe(night);
    const both = "Who was here before and after midnight is a visitor of both days.";
    const visitors = { [evening]: before.visitors, [night]: after.visitors };
    expect(visitors, both).toEqual({ [evening]: 1, [night]: 1 });
    const apart = "Three hours are a pause: a visit on each day.";
    const visits = { [evening]: before.visits, [night]: after.visits };
    expect(visits, apart).toEqual({ [evening]: 1, [night]: 1 });

    await shop.reach(23.9, 0);
    expectCookie(visitor, `${lives} After 26 hours, at 23:54 UTC, it has ended.`);
    await shop.view(visitor, "/products/rope-1");
    await shop.travel(12 * 60_000);
    expectCookie(visitor, `${lives} After 26 hours, at 00:06 UTC, it has ended.`);
    await shop.view(visitor, "/products/rope-1");
    const over = `The visitor came back at 23:54 on ${night} and viewed one more page at 00:06: one visit, the second of ${night}.`;
    const [first, next] = [await shop.report(night), await shop.report()];
    const later = { [night]: first.visits, [shop.today()]: next.visits };
    expect(later, over).toEqual({ [night]: 2, [shop.today()]: 0 });
    const nothing = await shop.report(shop.today(-9));
    expect(nothing.views, "A day of which nothing is known has 0 views.").toBe(0);
    expect(nothing.paths, "A day of which nothing is known has no paths.").toEqual({});
  }),

  check(10, "Views at the same moment are all counted", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(12);
    const browsers = Array.from({ length: 5 }, () => kit.browser());
    for (const browser of browsers) await shop.view(browser, "/products/stove-1");
    const views = browsers.flatMap((browser) =>
      Array.from({ length: 10 }, () => () => browser.get("/products/stove-1")),
    );
    for (const answer of await kit.burst(views)) {
      expect(answer.status, "Each of the 50 is answered 200.").toBe(200);
    }
    const report = await shop.report();
    const all = "5 views, and then 50 at the same moment: none is lost.";
    expect(report.views, all).toBe(55);
    expect(report.paths, all).toEqual({ "/products/stove-1": 55 });
    const people = "All came from five browsers: five visitors";
    expectAbout(report.visitors, 5, `${people}.`);
    const { visits } = report;
    const once = `${people}, and five visits, since each begins but once.`;
    expect({ visits }, once).toEqual({ visits: 5 });
  }),

  check(11, "The counts are in Redis", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(12);
    const [first, second] = [kit.program(), await kit.secondInstance()];
    const browser = kit.browser();
    for (let view = 0; view < 4; view += 1) {
      await shop.view(browser, "/products/tent-1", view % 2 === 0 ? first : second);
    }
    const expected = { paths: { "/products/tent-1": 4 }, visitors: 1, visits: 1 };
    for (const instance of [first, second]) {
      const why = "Two instances of the app have answered two views each: both report four.";
      expect(await shop.report(undefined, instance), why).toMatchObject(expected);
    }
    await kit.restart();
    const again = "The app was killed and started again: nothing that was counted is lost.";
    expect(await shop.report(), again).toMatchObject(expected);
    await shop.view(browser, "/products/tent-1");
    const same = "After the restart the browser with its old cookies is the same visitor.";
    const later = { paths: { "/products/tent-1": 5 }, visitors: 1, visits: 1 };
    expect(await shop.report(), same).toMatchObject(later);
  }),

  check(12, "Every key has a TTL at every moment", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(12);
    const sent = async (send: () => Promise<Answer>, what: string) => {
      const answer = await kit.stepThrough(
        send,
        async () =>
          await allExpire(
            `if the process died now, after the last command below, in the middle of ${what}`,
          ),
      );
      expect(answer.status, `${what} is answered 200.`).toBe(200);
      await kit.quiet();
      await allExpire(`after ${what}`);
    };
    const allExpire = async (when: string) => {
      const keys = await kit.redis.keys();
      const immortal = keys.filter(({ ttlMs }) => ttlMs === undefined).map(({ name }) => name);
      const why = `Every key has a TTL at every moment. These would stay for ever ${when}.`;
      expect(immortal, why).toEqual([]);
    };
    const browser = kit.browser();
    await sent(() => browser.get("/"), "the first view");
    await sent(() => browser.get("/"), "the second view");
    await sent(() => browser.get("/products/tent-1"), "a view of another page");
    await shop.travel(2 * shop.settings.visitGapSeconds * 1000);
    await sent(() => browser.get("/"), "a view after a long pause");
    await shop.report();
    await sent(() => shop.askForReport(), "the report");
    const report = await shop.report();
    const counted = { "/": 3, "/products/tent-1": 1 };
    expect(report.paths, "Four views were counted on the way.").toMatchObject(counted);
  }),

  check(13, "Memory stays bounded", long, async (kit) => {
    const shop = new Shop(kit);
    const { keepDays } = shop.settings;
    let browsers: KitBrowser[] = [];
    const viewProducts = async (times: number) => {
      for (const [at, browser] of browsers.entries()) {
        for (let view = 0; view < times; view += 1) {
          const { status } = await browser.get(`/products/stove-${at + 1}`);
          expect(status, "The page of a product is answered 200.").toBe(200);
        }
      }
    };
    /** Each day brings five new browsers, which view five pages at noon, twice each. */
    const noon = async (days = 1) => {
      await shop.reach(12, days);
      browsers = Array.from({ length: 5 }, () => kit.browser());
      await viewProducts(2);
      await shop.report();
    };
    const sizes: number[] = [];
    /** Noon, and later the size: at an hour that is no round number of hours after a view or midnight, at which keys may end. */
    const day = async (days?: number) => {
      await noon(days);
      await shop.reach(17 + 23 / 60, 0);
      sizes.push(await kit.redis.size());
    };
    await noon();
    const before = await kit.redis.size();
    const first = shop.today();
    const few = await shop.report();
    expect(few.visitors, "Five browsers have viewed two pages each.").toBeGreaterThan(0);
    await viewProducts(20);
    const many = await shop.report();
    expect(many.views, "They have viewed 100 more.").toBeGreaterThan(few.views);
    const grown = (await kit.redis.size()) - before;
    const why = `100 more views of the same pages by the same visitors took ${grown} bytes of Redis: less than 1024 are allowed.`;
    expect(grown, why).toBeLessThan(1024);

    for (let later = 1; later <= keepDays; later += 1) await day();
    await shop.reach(23, 0);
    const kept = `keepDays is ${keepDays}: the report of ${first} is there for so many days after it, until midnight.`;
    const { visitors, visits, averageVisitSeconds } = many;
    const paths = Object.fromEntries(
      Object.entries(many.paths).filter(([path]) => path.startsWith("/products/")),
    );
    const same = { paths, visitors, visits, averageVisitSeconds };
    expect(await shop.report(first), kept).toMatchObject(same);
    await day();
    await shop.reach(1);
    const gone = `keepDays is ${keepDays}: on the second day after those, at 01:00, nothing of the report of ${first} is left.`;
    const nothing = { views: 0, paths: {}, visitors: 0, visits: 0, averageVisitSeconds: 0 };
    expect(await shop.report(first), gone).toMatchObject(nothing);
    await day(0);
    const steady = sizes.at(-1) ?? 0;
    for (let later = 1; later <= 3; later += 1) await day();
    const last = sizes.at(-1) ?? 0;
    kit.show("Bytes in Redis at 17:23 of each day", sizes.map(String));
    const keys = (await kit.redis.keys()).map(({ name, texts }) => ({ name, held: texts.length }));
    const largest = keys.toSorted((a, b) => b.held - a.held).slice(0, 6);
    const lines = largest.map(({ name, held }) => `${name}: ${held} texts`);
    kit.show("What holds most on the last day: keys, and how many texts are in each", lines);
    const asMuch = `Each day brings as many views by as many new visitors, and old days go: Redis had ${steady} bytes after ${keepDays + 2} days of it and ${last} three days later. It may grow by less than 256.`;
    expect(last - steady, asMuch).toBeLessThan(256);
  }),

  check(14, "No command looks through all keys", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(12);
    await shop.visitors(3);
    const { result, commands } = await kit.saw(async () => {
      await shop.visitor("/products/tent-1");
      return await shop.report();
    });
    expect(result.views, "Eight views were counted.").toBe(8);
    const found = commands.filter(looksEverywhere).map(({ args }) => args.join(" ").slice(0, 200));
    const why =
      "The shop has as many keys as it has visitors. Looking through all of them, for a view or a report, takes longer from day to day, and KEYS blocks Redis for everybody.";
    expect(found, why).toEqual([]);
  }),

  check(15, "Nobody can be recognised in Redis", {}, async (kit) => {
    const shop = new Shop(kit);
    await shop.withinOneDay(async () => {
      const { views } = await shop.report();
      const browser = kit.browser();
      const headers = { "X-Forwarded-For": "203.0.113.77" };
      for (const path of ["/", "/products/tent-1"]) await browser.get(path, { headers });
      await shop.signIn(browser, customer);
      for (const path of ["/", "/products/tent-2"]) await browser.get(path, { headers });
      const report = await shop.report();
      expect(report.views, "The browser has viewed four pages.").toBeGreaterThanOrEqual(views + 4);
      expect(report.visitors, "It has brought its cookies back.").toBeGreaterThan(0);
      const stored = (await kit.redis.keys())
        // A session has to know whose it is; it ends within the hour.
        .filter(({ name }) => !name.startsWith("sess:"))
        .map(({ name, texts }) => [name, ...texts].join(" "));
      for (const [what, text] of tracesOf(browser, customer.email)) {
        const found = stored
          .filter((each) => each.includes(text))
          .map((each) => each.slice(0, 120));
        const why = `Outside of sessions, Redis holds ${what}: "${text}". Whoever reads it knows who has viewed what.`;
        expect(found, why).toEqual([]);
      }
    });
  }),

  check(16, "A page never depends on the analytics", own, async (kit) => {
    const shop = new Shop(kit);
    await shop.reach(12);
    const browser = await shop.visitor();
    const former = kit.browser();
    await shop.signIn(former, customer);
    await former.post("/logout");
    const visitors = [
      { who: "", visitor: browser },
      {
        who: " This browser has signed out, and still sends its old session cookie.",
        visitor: former,
      },
    ];
    expect(homeViewsIn(await shop.askForReport()), "With Redis, views are counted.").toBe(2);
    const outages = [
      { outage: "Redis is gone", begin: kit.cutRedis },
      { outage: "Redis is there and does not answer", begin: kit.stallRedis },
    ];
    const views = async (why: string) => {
      for (const { who, visitor } of [...visitors, { who: "", visitor: kit.browser() }]) {
        for (const path of ["/", "/products/tent-1"]) {
          const answer = await visitor.get(path, { deadlineMs: 2000 });
          expect(answer.status, `${why}${who}`).toBe(200);
        }
      }
    };
    /** Whether a view is in the report that follows it. */
    const counts = async () => {
      const before = homeViewsIn(await shop.askForReport());
      await shop.view(browser);
      await kit.quiet();
      return before !== undefined && homeViewsIn(await shop.askForReport()) === before + 1;
    };
    for (const { outage, begin } of outages) {
      await begin();
      await views(
        `${outage}, so the view can't be counted: the page is answered all the same, within 2 seconds.`,
      );
      await kit.restoreRedis();
      const again = `${outage}, and then it is back: within 5 seconds views are counted again, without a restart.`;
      const until = performance.now() + 5000;
      while (!(await counts()) && performance.now() < until) await delay(20);
      const before = (await shop.report()).paths["/"] ?? 0;
      await shop.view(browser);
      expect((await shop.report()).paths["/"], again).toBe(before + 1);
    }

    for (const { name, type } of await kit.redis.keys()) {
      if (name.startsWith("sess:")) continue;
      await kit.redis.command("DEL", name);
      if (type === "string") await kit.redis.command("RPUSH", name, "broken");
      else await kit.redis.command("SET", name, "broken", "EX", "3600");
    }
    const why =
      "Every key of the analytics is of another type now, so its commands fail: the page is answered all the same.";
    await views(why);
    await kit.quiet();
    await views(why);
    expect(kit.program().isRunning, "The program goes on.").toBe(true);
  }),
];

const uncounted =
  "The report was asked for once the program was quiet: no command under way. Timers are not waited for.";

/** How often a page was viewed, by its path. */
function countOf({ paths }: Report, path: string): Record<string, number | string> {
  return { [path]: paths[path] ?? "no such path" };
}

/** Without cookies it could only be a new browser, and the failure would look like one of counting. */
function expectCookie(browser: KitBrowser, why: string): void {
  expect(browser.cookies().length > 0, why).toBe(true);
}

/** Undefined when it is no report, as while Redis is away. */
function homeViewsIn({ json }: Answer): number | undefined {
  return (json as Partial<Report> | undefined)?.paths?.["/"];
}

/** Other letters and digits in the same places, from the first one on: what somebody makes up who has seen such a cookie. */
function otherLetters(value: string, count = Number.POSITIVE_INFINITY): string {
  let changed = 0;
  return value.replaceAll(/[a-y0-8]/gi, (letter) => {
    changed += 1;
    return changed > count ? letter : String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1);
  });
}

/** A length in seconds, to which the check itself has added what it took. */
function expectLength(value: number, wanted: number, began: number, why: string): void {
  const tookSeconds = Math.ceil((performance.now() - began) / 1000);
  expect(value, `${why} On average ${wanted}.`).toBeGreaterThanOrEqual(wanted - 1);
  expect(value, `${why} On average ${wanted}.`).toBeLessThanOrEqual(wanted + tookSeconds + 1);
}
