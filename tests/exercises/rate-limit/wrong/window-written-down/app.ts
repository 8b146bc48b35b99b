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

  const { accountLimit, addressLimit } = settings;
  const windowSeconds = 900;
  const limits = [accountLimit, addressLimit, windowSeconds * 1000].map(String);

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const keys = [`account:${name}`, `address:${req.ip}`];
    const waitMs = Number(await redis.eval(take, { keys, arguments: limits }));
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

const take = `
  local wait = 0
  for i, key in ipairs(KEYS) do
    if tonumber(redis.call("GET", key) or "0") >= tonumber(ARGV[i]) then
      wait = math.max(wait, redis.call("PTTL", key), 1)
    end
  end
  if wait > 0 then return wait end
  for _, key in ipairs(KEYS) do
    if redis.call("INCR", key) == 1 then redis.call("PEXPIRE", key, ARGV[3]) end
  end
  return 0
`;

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
