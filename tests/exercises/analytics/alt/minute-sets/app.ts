import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    shopper: { email: string; role: string };
  }
}

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/**
 * Plain commands: a set of visitors for each day, one for each minute, and a key for each visitor
 * that lives as long as the visit goes on.
 */
export function createApp(context: Context): Express {
  const { redis, secret, settings, findProduct, findAccount } = context;
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
  const hmac = (purpose: string, text: string) =>
    createHmac("sha256", secret).update(`${purpose} ${text}`).digest("base64url");

  /** Who brings a cookie of ours; anybody else gets one. */
  function visitorOf(req: Request, res: Response): string | undefined {
    const [, id = "", sent = ""] = /(?:^|; )kestrel=([\w-]+)\.([\w-]+)/.exec(
      req.headers.cookie ?? "",
    ) ?? ["", "", ""];
    const right = Buffer.from(hmac("cookie", id));
    if (sent.length === right.length && timingSafeEqual(Buffer.from(sent), right)) return id;
    const fresh = randomUUID();
    res.cookie("kestrel", `${fresh}.${hmac("cookie", fresh)}`, {
      maxAge: 90 * DAY_MS,
      httpOnly: true,
      sameSite: "lax",
    });
    return undefined;
  }

  async function count(path: string, id: string | undefined): Promise<void> {
    const now = Date.now();
    const day = dayOf(now);
    const end = new Date(Date.parse(day) + (settings.keepDays + 1) * DAY_MS);
    const views = `shop:views:${day}`;
    if (id === undefined) {
      await redis.multi().hIncrBy(views, path, 1).expireAt(views, end).exec();
      return;
    }
    const visitor = hmac("visitor", id).slice(0, 16);
    const minute = `shop:minute:${Math.floor(now / MINUTE_MS)}`;
    const [before] = await redis
      .multi()
      .set(`shop:visit:${visitor}`, String(now), {
        expiration: { type: "PX", value: settings.visitGapSeconds * 1000 },
        GET: true,
      })
      .hIncrBy(views, path, 1)
      .expireAt(views, end)
      .sAdd(`shop:visitors:${day}`, visitor)
      .expireAt(`shop:visitors:${day}`, end)
      .sAdd(minute, visitor)
      .expire(minute, settings.activeSeconds + 120)
      .execTyped();
    const visits = `shop:visits:${day}`;
    const change = redis.multi();
    if (before === null) change.hIncrBy(visits, "begun", 1);
    else change.hIncrBy(visits, "ms", now - Number(before));
    await change.expireAt(visits, end).exec();
  }

  async function view(req: Request, res: Response, path: string, page: object): Promise<void> {
    // The page waits, but never for longer than the client does.
    await count(path, visitorOf(req, res)).catch((error) => console.error(String(error)));
    res.json(page);
  }

  app.get("/", async (req, res) => await view(req, res, "/", { page: "Kestrel Outdoor" }));
  app.get("/products/:id", async (req, res) => {
    const product = await findProduct(req.params.id);
    if (product === null) res.status(404).json({ error: "no such product" });
    else await view(req, res, `/products/${product.id}`, product);
  });

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
    const role = req.session.shopper?.role;
    if (role !== "analyst") {
      if (role === undefined) res.status(401).json({ error: "not signed in" });
      else res.status(403).json({ error: "not allowed" });
      return;
    }
    const now = Date.now();
    const day = String(req.query["day"] ?? dayOf(now));
    const oldest = Math.floor((now - settings.activeSeconds * 1000) / MINUTE_MS);
    const minutes: string[] = [];
    for (let minute = oldest; minute <= now / MINUTE_MS; minute += 1) {
      minutes.push(`shop:minute:${minute}`);
    }
    const [views, visitors, active, visits] = await Promise.all([
      redis.hGetAll(`shop:views:${day}`),
      redis.sCard(`shop:visitors:${day}`),
      redis.sUnion(minutes),
      redis.hGetAll(`shop:visits:${day}`),
    ]);
    const paths = Object.fromEntries(
      Object.entries(views).map(([path, times]) => [path, Number(times)]),
    );
    const begun = Number(visits["begun"] ?? 0);
    res.json({
      day,
      views: Object.values(paths).reduce((sum, times) => sum + times, 0),
      paths,
      visitors,
      activeNow: active.length,
      visits: begun,
      averageVisitSeconds: begun === 0 ? 0 : Math.round(Number(visits["ms"] ?? 0) / 1000 / begun),
    });
  });

  return app;
}

async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
