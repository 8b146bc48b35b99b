import { RedisStore } from "connect-redis";
import express, { type ErrorRequestHandler, type Express, type Request } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
  }
}

export function createApp(context: Context): Express {
  const { redis, secret, settings, verifyPassword } = context;
  const app = express();
  app.set("trust proxy", settings.trustProxy);
  app.use(express.json());
  app.use(
    session({
      store: new RedisStore({ client: redis, prefix: "sess:" }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  app.get("/me", (req, res) => {
    if (req.session.accountName === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    res.json({ name: req.session.accountName });
  });

  const windowMs = settings.windowSeconds * 1000;

  async function write(log: string, limit: number, now: number): Promise<number> {
    const [, added, size, oldest] = await redis
      .multi()
      .zRemRangeByScore(log, "-inf", now - windowMs)
      .zAdd(log, { score: now, value: String(now) })
      .zCard(log)
      .zRangeWithScores(log, 0, 0)
      .pExpire(log, windowMs)
      .execTyped();
    if (size <= limit) return 0;
    if (added > 0) await redis.zRem(log, String(now));
    return Math.max(1, (oldest[0]?.score ?? now) + windowMs - now);
  }

  /** How long a log that is full stays so. */
  async function rest(log: string, limit: number, now: number): Promise<number> {
    const entries = await redis.zRangeByScoreWithScores(log, now - windowMs + 1, "+inf");
    return entries.length < limit ? 0 : (entries[0]?.score ?? now) + windowMs - now;
  }

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const account = `account:${name}`;
    const address = `address:${req.ip}`;
    const now = Date.now();
    let waitMs = await write(account, settings.accountLimit, now);
    if (waitMs === 0) {
      waitMs = await write(address, settings.addressLimit, now);
      if (waitMs > 0) await redis.zRem(account, String(now));
    } else {
      waitMs = Math.max(waitMs, await rest(address, settings.addressLimit, now));
    }
    if (waitMs > 0) {
      res.set("Retry-After", String(Math.ceil(waitMs / 1000)));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await redis.del(account);
    await redis.zRem(address, String(now));
    await signIn(req, name);
    res.json({ name });
  });

  app.use(answerUnavailable);
  return app;
}

async function signIn(req: Request, name: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
  req.session.accountName = name;
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
}

const answerUnavailable: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  res.status(503).json({ error: "login is unavailable" });
};
