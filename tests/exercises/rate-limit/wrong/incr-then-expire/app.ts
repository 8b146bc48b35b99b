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

  async function add(key: string, limit: number): Promise<number> {
    const failed = await redis.incr(key);
    if (failed === 1) await redis.expire(key, windowSeconds);
    if (failed <= limit) return 0;
    await redis.decr(key);
    return Math.max(1, await redis.pTTL(key));
  }

  /** How long a key that is full stays so. */
  async function rest(key: string, limit: number): Promise<number> {
    return Number(await redis.get(key)) >= limit ? await redis.pTTL(key) : 0;
  }

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const keys = [`account:${name}`, `address:${req.ip}`];
    const [account = "", address = ""] = keys;
    let waitMs = await add(account, accountLimit);
    if (waitMs === 0) {
      waitMs = await add(address, addressLimit);
      if (waitMs > 0) await redis.decr(account);
    } else {
      waitMs = Math.max(waitMs, await rest(address, addressLimit));
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
    await redis.eval(giveBack, { keys });
    await signIn(req, name);
    res.json({ name });
  });

  app.use(answerUnavailable);
  return app;
}

const giveBack = `
  redis.call("DEL", KEYS[1])
  if tonumber(redis.call("GET", KEYS[2]) or "0") > 0 then redis.call("DECR", KEYS[2]) end
  return 0
`;

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
