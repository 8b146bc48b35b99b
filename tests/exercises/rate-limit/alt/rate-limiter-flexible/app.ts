import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
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

  const limits = { storeClient: redis, useRedisPackage: true, duration: settings.windowSeconds };
  const accounts = new RateLimiterRedis({
    ...limits,
    keyPrefix: "account",
    points: settings.accountLimit,
  });
  const addresses = new RateLimiterRedis({
    ...limits,
    keyPrefix: "address",
    points: settings.addressLimit,
  });

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const address = req.ip ?? "";
    const accountMs = await consume(accounts, name);
    const addressMs = accountMs === undefined ? await consume(addresses, address) : undefined;
    if (addressMs !== undefined) await accounts.reward(name);
    if (accountMs !== undefined || addressMs !== undefined) {
      const waitMs =
        accountMs === undefined
          ? (addressMs ?? 0)
          : Math.max(accountMs, await waitOf(addresses, address));
      res.set("Retry-After", String(Math.max(1, Math.ceil(waitMs / 1000))));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await accounts.delete(name);
    await addresses.reward(address);
    await signIn(req, name);
    res.json({ name });
  });

  app.use(answerUnavailable);
  return app;
}

/** Undefined when the point was there, else how long until there is one again. */
async function consume(limiter: RateLimiterRedis, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext;
    throw refusal;
  }
}

/** How long until a key that is full has a point again; asking takes none. */
async function waitOf(limiter: RateLimiterRedis, key: string): Promise<number> {
  const state = await limiter.get(key);
  return state !== null && state.consumedPoints >= limiter.points ? state.msBeforeNext : 0;
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
