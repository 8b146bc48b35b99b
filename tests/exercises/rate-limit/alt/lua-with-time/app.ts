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

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const keys = [`login-failures:{${name}}`, `login-failures:[${req.ip}]`];
    const waitMs = await redis.eval(count, {
      keys,
      arguments: [settings.accountLimit, settings.addressLimit, settings.windowSeconds].map(String),
    });
    if (typeof waitMs === "number" && waitMs > 0) {
      res.set("Retry-After", String(Math.max(1, Math.ceil(waitMs / 1000))));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await redis.eval(forgive, { keys });
    await signIn(req, name);
    res.json({ name });
  });

  app.use(answerUnavailable);
  return app;
}

/** A hash for each count: how many failed, and when (by the clock of Redis) it is over. */
const count = `
  local time = redis.call("TIME")
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local wait = 0
  for i = 1, 2 do
    local state = redis.call("HMGET", KEYS[i], "failed", "ends")
    if state[1] and tonumber(state[2]) > now and tonumber(state[1]) >= tonumber(ARGV[i]) then
      wait = math.max(wait, state[2] - now)
    end
  end
  if wait > 0 then return wait end
  local ends = string.format("%.0f", now + ARGV[3] * 1000)
  for i = 1, 2 do
    local old = redis.call("HGET", KEYS[i], "ends")
    if old and tonumber(old) > now then
      redis.call("HINCRBY", KEYS[i], "failed", 1)
    else
      redis.call("HSET", KEYS[i], "failed", 1, "ends", ends)
      redis.call("PEXPIREAT", KEYS[i], ends)
    end
  end
  return 0
`;

const forgive = `
  redis.call("DEL", KEYS[1])
  if redis.call("EXISTS", KEYS[2]) == 1 then redis.call("HINCRBY", KEYS[2], "failed", -1) end
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
