import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { RESP_TYPES } from "redis";

const DAY_MS = 86_400_000;
const SEEN_BYTES = 6;
const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

/**
 * Browsers are numbered anew each day. So a bit says whether one was there, and 48 bits when it was
 * seen last: a million visitors are 6 MB.
 */
export function createApp(context) {
  const { redis, secret, settings, findProduct, findAccount } = context;
  const { activeSeconds, visitGapSeconds, keepDays } = settings;
  const app = express();
  app.use(express.json());
  app.use(
    ["/login", "/logout", "/admin"],
    session({
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: 3600 }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );
  const key = createHash("sha256").update(`browser numbers ${secret}`).digest();
  const bytes = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  /** From a day's last view on: its keys outlast the days on which its report is wanted. */
  const KEEP_SECONDS = ((keepDays + 1) * DAY_MS) / 1000;
  /** When the times of a day's browsers go, and their cookies are no longer taken. */
  const endOf = (day) => Math.floor((Date.parse(day) + (keepDays + 1) * DAY_MS) / 1000);

  /** What nobody else can write, or read: "2026-11-25 17". */
  function seal(text) {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
  }

  function unseal(text) {
    try {
      const all = Buffer.from(text, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, all.subarray(0, 12));
      decipher.setAuthTag(all.subarray(12, 28));
      return decipher.update(all.subarray(28), undefined, "utf8") + decipher.final("utf8");
    } catch {
      return "";
    }
  }

  function browserOf(req) {
    const cookie = /(?:^|;\s*)no=([\w-]+)/.exec(req.headers.cookie ?? "")?.[1] ?? "";
    const [since = "", number] = unseal(cookie).split(" ");
    // Older than what is kept: it gets a new number.
    if (number === undefined || endOf(since) * 1000 <= Date.now()) return undefined;
    return { since, number: Number(number) };
  }

  async function giveNumber(res) {
    const today = dayOf(Date.now());
    const numbers = `numbers:${today}`;
    const [number] = await redis.multi().incr(numbers).expire(numbers, KEEP_SECONDS).execTyped();
    res.cookie("no", seal(`${today} ${number}`), {
      maxAge: keepDays * DAY_MS,
      httpOnly: true,
      sameSite: "lax",
    });
  }

  async function countVisitor({ since, number }, now) {
    const today = dayOf(now);
    const seen = `seen:${since}`;
    const here = `here:${today}:${since}`;
    const visits = `visits:${today}`;
    const [[before]] = await redis
      .multi()
      .bitField(seen, [{ operation: "SET", encoding: "u48", offset: `#${number}`, value: now }])
      .expireAt(seen, endOf(since))
      .setBit(here, number, 1)
      .expire(here, KEEP_SECONDS)
      .execTyped();
    const isNew = now - before > visitGapSeconds * 1000;
    await redis
      .multi()
      .hIncrBy(visits, isNew ? "count" : "ms", isNew ? 1 : now - before)
      .expire(visits, KEEP_SECONDS)
      .exec();
  }

  async function count(req, res, path) {
    const now = Date.now();
    const today = dayOf(now);
    const browser = browserOf(req);
    await redis
      .multi()
      .zIncrBy(`views:${today}`, 1, path)
      .expire(`views:${today}`, KEEP_SECONDS)
      .exec();
    if (browser === undefined) await giveNumber(res);
    else await countVisitor(browser, now);
  }

  const view = (pathOf, pageOf) => async (req, res) => {
    const page = await pageOf(req);
    if (page === null) {
      res.status(404).json({ error: "no such product" });
      return;
    }
    try {
      await count(req, res, pathOf(page));
    } catch (error) {
      console.error("not counted:", String(error));
    }
    res.json(page);
  };
  app.get(
    "/",
    view(
      () => "/",
      () => ({ page: "Kestrel Outdoor" }),
    ),
  );
  app.get(
    "/products/:id",
    view(
      (product) => `/products/${product.id}`,
      (req) => findProduct(req.params.id),
    ),
  );

  app.post("/login", async (req, res) => {
    const account = await findAccount(String(req.body?.email), String(req.body?.password));
    if (account === null) {
      res.status(401).json({ error: "wrong e-mail or password" });
      return;
    }
    await regenerate(req);
    req.session.shopper = { email: account.email, role: account.role };
    res.json({ role: account.role });
  });
  app.post("/logout", async (req, res) => {
    await regenerate(req);
    res.status(204).end();
  });

  app.get("/admin/report", async (req, res) => {
    const { shopper } = req.session;
    if (shopper === undefined) return res.status(401).json({ error: "not signed in" });
    if (shopper.role !== "analyst") return res.status(403).json({ error: "not allowed" });
    const now = Date.now();
    const day = req.query.day ?? dayOf(now);
    // The days before on which a cookie of this day may have been given out.
    const before = (ms) =>
      Array.from({ length: keepDays + 1 }, (_, days) => dayOf(ms - days * DAY_MS));
    const [views, visits, here, seen] = await Promise.all([
      redis.zRangeWithScores(`views:${day}`, 0, -1),
      redis.hGetAll(`visits:${day}`),
      Promise.all(before(Date.parse(day)).map((since) => redis.bitCount(`here:${day}:${since}`))),
      Promise.all(before(now).map((since) => bytes.get(`seen:${since}`))),
    ]);
    const begun = Number(visits.count ?? 0);
    return res.json({
      day,
      views: views.reduce((sum, { score }) => sum + score, 0),
      paths: Object.fromEntries(views.map(({ value, score }) => [value, score])),
      visitors: here.reduce((sum, some) => sum + some, 0),
      activeNow: seen.reduce(
        (sum, times) => sum + countSince(times, now - activeSeconds * 1000),
        0,
      ),
      visits: begun,
      averageVisitSeconds: begun === 0 ? 0 : Math.round(Number(visits.ms ?? 0) / begun / 1000),
    });
  });

  return app;
}

/** How many of the times, 48 bits each, are not before this one. */
function countSince(times, ms) {
  let count = 0;
  for (let at = 0; times !== null && at + SEEN_BYTES <= times.length; at += SEEN_BYTES) {
    if (times.readUIntBE(at, SEEN_BYTES) >= ms) count += 1;
  }
  return count;
}

async function regenerate(req) {
  await new Promise((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
