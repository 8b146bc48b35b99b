// Corner Books with logins. Its versions differ in their cookies and secrets.
import { createHash } from "node:crypto";
import type { Server } from "node:http";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session, { type CookieOptions, type SessionData } from "express-session";
import { createClient } from "redis";
import { checkPassword } from "./accounts.ts";

declare module "express-session" {
  interface SessionData {
    user: string;
    basket: string[];
    device: string;
    loggedInAt: number;
  }
}

/** In what the versions of the shop differ. */
export interface ShopOptions {
  readonly cookie: CookieOptions;
  /** Default: that of express-session, `connect.sid`. */
  readonly cookieName?: string;
  /** The first signs, each of them verifies. Default: SESSION_SECRET. */
  readonly secrets?: string[];
  /** How many proxies stand before the shop. */
  readonly proxies?: number;
  /** Refuse what pages of other sites send. */
  readonly refuseForeign?: boolean;
}

const idleSeconds = 30 * 60;
const absoluteSeconds = 12 * 60 * 60;
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const sessionSecret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

/** Connected. */
export const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

/** The shop; it does not listen yet. */
export function buildShop(options: ShopOptions): Express {
  const { cookie, cookieName = "connect.sid", secrets = [sessionSecret] } = options;
  const store = new RedisStore({ client, ttl: secondsLeft });
  const app = express();
  if (options.proxies !== undefined) app.set("trust proxy", options.proxies);
  if (options.refuseForeign) {
    // #region foreign
    app.use((req, res, next) => {
      const origin = req.get("Origin");
      const isOurs = origin === undefined || origin === `${req.protocol}://${req.host}`;
      if (req.method === "GET" || isOurs) next();
      else res.status(403).json({ error: "that came from another site" });
    });
    // #endregion
  }

  // #region session
  app.use(
    session({
      store,
      name: cookieName,
      secret: secrets,
      resave: false,
      saveUninitialized: false,
      cookie,
    }),
  );
  // #endregion
  app.use(express.json(), express.urlencoded(), express.text());

  // #region basket
  app.post("/basket", (req, res) => {
    req.session.basket = [...(req.session.basket ?? []), String(req.body?.title)];
    res.json({ basket: req.session.basket });
  });
  // #endregion

  // #region account
  app.get("/account", (req, res) => {
    const { user, basket = [] } = req.session;
    if (user === undefined) res.status(401).json({ error: "not logged in" });
    else res.json({ user, basket });
  });
  // #endregion

  // #region login-kept
  app.post("/login-kept", async (req, res) => {
    const user = await checkPassword(req.body?.name, req.body?.password);
    if (user === undefined) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    req.session.user = user;
    res.json({ user });
  });
  // #endregion

  app.post("/login-spread", async (req, res) => {
    const user = await checkPassword(req.body?.name, req.body?.password);
    if (user === undefined) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    // #region spread
    const before = { ...req.session };
    await renewSession(req);
    req.session.user = before.user || user;
    // #endregion
    res.json({ user: req.session.user });
  });

  // #region login
  app.post("/login", async (req, res) => {
    const user = await checkPassword(req.body?.name, req.body?.password);
    if (user === undefined) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    const { basket } = req.session;
    await renewSession(req);
    req.session.user = user;
    if (basket !== undefined) req.session.basket = basket;
    req.session.loggedInAt = Date.now();
    req.session.device = req.get("User-Agent") ?? "unknown";
    await noteSession(user, req.sessionID);
    res.json({ user });
  });
  // #endregion

  // #region logout-cookie
  app.post("/logout-cookie", (_req, res) => {
    res.clearCookie(cookieName).sendStatus(204);
  });
  // #endregion

  // #region logout
  app.post("/logout", (req, res, next) => {
    req.session.destroy((error) => {
      if (error) return next(error);
      res.clearCookie(cookieName, { path: "/" }).sendStatus(204);
    });
  });
  // #endregion

  // #region sessions
  app.get("/sessions", async (req, res) => {
    const { user } = req.session;
    if (user === undefined) {
      res.status(401).json({ error: "not logged in" });
      return;
    }
    const sessions = [];
    for (const id of await client.zRange(`sessions:${user}`, 0, -1)) {
      const living = await store.get(id);
      if (living === null) continue;
      sessions.push({
        handle: handleOf(id),
        device: living.device,
        here: id === req.sessionID,
      });
    }
    res.json({ sessions });
  });

  app.delete("/sessions/:handle", async (req, res) => {
    const { user } = req.session;
    const ids = user === undefined ? [] : await client.zRange(`sessions:${user}`, 0, -1);
    const id = ids.find((each) => handleOf(each) === req.params.handle);
    if (id === undefined) {
      res.status(404).json({ error: "you have no such session" });
      return;
    }
    await store.destroy(id);
    await client.zRem(`sessions:${user}`, id);
    res.sendStatus(204);
  });
  // #endregion

  // #region guestbook
  app.post("/guestbook", async (req, res) => {
    await client.rPush("guestbook", String(req.body));
    res.sendStatus(204);
  });

  app.get("/guestbook", async (_req, res) => {
    const entries = await client.lRange("guestbook", 0, -1);
    res.send(`<h1>Guest book</h1>\n${entries.map((entry) => `<p>${entry}</p>`).join("\n")}`);
  });
  // #endregion

  // #region order
  app.post("/order", (req, res) => {
    const { user } = req.session;
    if (user === undefined) res.status(401).json({ error: "not logged in" });
    else res.json({ user, ordered: req.body?.title });
  });
  // #endregion

  return app;
}

/** Listens until SIGINT or SIGTERM. */
export function listen(app: Express, name: string): Server {
  const port = Number(process.env.PORT ?? 3000);
  const host = process.env.HOST ?? "127.0.0.1";
  const server = app.listen(port, host, (error) => {
    if (error) throw error;
    console.log(`Corner Books (${name}) listens on ${host}, port ${port}`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close(() => void client.close());
    });
  }
  return server;
}

/** Half an hour without a request, and never more than 12 hours after the login (lesson 2). */
function secondsLeft({ loggedInAt }: SessionData): number {
  if (loggedInAt === undefined) return idleSeconds;
  const age = Math.floor((Date.now() - loggedInAt) / 1000);
  return Math.min(idleSeconds, absoluteSeconds - age);
}

// #region renew
function renewSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
// #endregion

// #region note
async function noteSession(user: string, id: string): Promise<void> {
  const key = `sessions:${user}`;
  const now = Date.now();
  await client
    .multi()
    .zRemRangeByScore(key, 0, now - absoluteSeconds * 1000)
    .zAdd(key, { score: now, value: id })
    .expire(key, absoluteSeconds)
    .exec();
}

function handleOf(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 12);
}
// #endregion
