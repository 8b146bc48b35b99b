import { randomUUID } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type ErrorRequestHandler, type Express, type Request } from "express";
import session from "express-session";
import { Redis } from "ioredis";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
  }
}

export async function createApp(context: Context): Promise<Express> {
  const { redis, redisUrl, secret, settings, verifyPassword } = context;
  const counts = await connect(redisUrl);
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
    const logs = [`failed:${name}`, `failed:@${req.ip}`] as const;
    const attempt = randomUUID();
    const waitMs = await counts.attempt(
      ...logs,
      settings.accountLimit,
      settings.addressLimit,
      Date.now(),
      settings.windowSeconds * 1000,
      attempt,
    );
    if (waitMs > 0) {
      res.set("Retry-After", String(Math.max(1, Math.ceil(waitMs / 1000))));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await counts.multi().unlink(logs[0]).zrem(logs[1], attempt).exec();
    await signIn(req, name);
    res.json({ name });
  });

  app.use(answerUnavailable);
  return app;
}

interface Counts extends Redis {
  attempt(
    account: string,
    address: string,
    accountLimit: number,
    addressLimit: number,
    now: number,
    windowMs: number,
    attempt: string,
  ): Promise<number>;
}

/** Fails fast, as the client of the context does: no queue while there is no connection. */
async function connect(url: string): Promise<Counts> {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: 500,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 100,
  });
  client.on("error", () => {});
  client.defineCommand("attempt", { numberOfKeys: 2, lua: attempt });
  await client.connect();
  return client as Counts;
}

const attempt = `
  local now, window = tonumber(ARGV[3]), tonumber(ARGV[4])
  local wait = 0
  for i = 1, 2 do
    redis.call("ZREMRANGEBYSCORE", KEYS[i], "-inf", now - window)
    local over = redis.call("ZCARD", KEYS[i]) - ARGV[i]
    if over >= 0 then
      local oldest = redis.call("ZRANGE", KEYS[i], over, over, "WITHSCORES")
      wait = math.max(wait, oldest[2] + window - now)
    end
  end
  if wait > 0 then return wait end
  for i = 1, 2 do
    redis.call("ZADD", KEYS[i], now, ARGV[5])
    redis.call("PEXPIRE", KEYS[i], window)
  end
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
