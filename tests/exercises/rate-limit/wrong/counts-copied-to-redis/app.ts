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
  interface Count {
    failed: number;
    endsAt: number;
  }
  const counts = new Map<string, Promise<Count>>();

  async function load(key: string): Promise<Count> {
    const saved = await redis.get(key);
    return saved === null
      ? { failed: 0, endsAt: Date.now() + windowSeconds * 1000 }
      : JSON.parse(saved);
  }

  async function current(key: string): Promise<Count> {
    const known = await counts.get(key)?.catch(() => undefined);
    if (known !== undefined && known.endsAt > Date.now()) return known;
    const loading = load(key);
    counts.set(key, loading);
    return loading;
  }

  async function save(key: string, count: Count): Promise<void> {
    await redis.set(key, JSON.stringify(count), { PXAT: count.endsAt });
  }

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const keys = [`account:${name}`, `address:${req.ip}`];
    const [accountKey = "", addressKey = ""] = keys;
    const account = await current(accountKey);
    const address = await current(addressKey);
    const ends = [];
    if (account.failed >= accountLimit) ends.push(account.endsAt);
    if (address.failed >= addressLimit) ends.push(address.endsAt);
    const waitMs = Math.max(0, ...ends.map((end) => end - Date.now()));
    if (waitMs > 0) {
      res.set("Retry-After", String(Math.ceil(waitMs / 1000)));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    account.failed += 1;
    address.failed += 1;
    await Promise.all([save(accountKey, account), save(addressKey, address)]);
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    account.failed = 0;
    address.failed -= 1;
    await Promise.all([redis.del(accountKey), save(addressKey, address)]);
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
