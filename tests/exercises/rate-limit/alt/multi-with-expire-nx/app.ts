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

  const { accountLimit, addressLimit, windowSeconds } = settings;

  /** Adds to both counts and says how high they stand, and for how long. */
  async function add(account: string, address: string) {
    const [failed, , accountMs, failedThere, , addressMs] = await redis
      .multi()
      .incr(account)
      .expire(account, windowSeconds, "NX")
      .pTTL(account)
      .incr(address)
      .expire(address, windowSeconds, "NX")
      .pTTL(address)
      .execTyped();
    return Math.max(
      failed > accountLimit ? accountMs : 0,
      failedThere > addressLimit ? addressMs : 0,
    );
  }

  /** EXPIRE again: had the window ended, DECR would make a new key. */
  async function subtract(key: string) {
    await redis.multi().decr(key).expire(key, windowSeconds, "NX").exec();
  }

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const account = `account:${name}`;
    const address = `address:${req.ip}`;
    const waitMs = await add(account, address);
    if (waitMs > 0) {
      await Promise.all([subtract(account), subtract(address)]);
      res.set("Retry-After", String(Math.max(1, Math.ceil(waitMs / 1000))));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await Promise.all([redis.del(account), subtract(address)]);
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
