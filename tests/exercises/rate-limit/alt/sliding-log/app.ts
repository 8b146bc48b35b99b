import { randomUUID } from "node:crypto";
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

  /** Writes the attempt into the log; answers how long it has to wait when the log was full. */
  async function write(log: string, limit: number, attempt: string, now: number) {
    const [, , size, oldest] = await redis
      .multi()
      .zRemRangeByScore(log, "-inf", now - windowMs)
      .zAdd(log, { score: now, value: attempt })
      .zCard(log)
      .zRangeWithScores(log, 0, 0)
      .pExpire(log, windowMs)
      .execTyped();
    return size > limit ? Math.max(1, (oldest[0]?.score ?? now) + windowMs - now) : 0;
  }

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const logs = [`log:account:${name}`, `log:address:${req.ip}`] as const;
    // Two failures of one millisecond are two: the member must not be the time.
    const attempt = randomUUID();
    const now = Date.now();
    const waits = await Promise.all([
      write(logs[0], settings.accountLimit, attempt, now),
      write(logs[1], settings.addressLimit, attempt, now),
    ]);
    const waitMs = Math.max(...waits);
    if (waitMs > 0) {
      await Promise.all(logs.map((log) => redis.zRem(log, attempt)));
      res.set("Retry-After", String(Math.max(1, Math.ceil(waitMs / 1000))));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await redis.del(logs[0]);
    await redis.zRem(logs[1], attempt);
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
