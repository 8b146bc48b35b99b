import { createHash } from "node:crypto";
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

  async function run(script: string, keys: string[], values: number[]) {
    const options = { keys, arguments: values.map(String) };
    const sha = createHash("sha1").update(script).digest("hex");
    try {
      return Number(await redis.evalSha(sha, options));
    } catch (error) {
      if (!String(error).includes("NOSCRIPT")) throw error;
      return Number(await redis.eval(script, options));
    }
  }

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const keys = [`tat:a:${name}`, `tat:i:${req.ip}`];
    const windowMs = settings.windowSeconds * 1000;
    const spacing = [settings.accountLimit, settings.addressLimit].map((limit) =>
      Math.floor(windowMs / limit),
    );
    const waitMs = await run(spend, keys, [Date.now(), windowMs, ...spacing]);
    if (waitMs > 0) {
      res.set("Retry-After", String(Math.max(1, Math.ceil(waitMs / 1000))));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }
    if ((await verifyPassword(name, password)) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await run(refund, keys, spacing.slice(1));
    await signIn(req, name);
    res.json({ name });
  });

  app.use(answerUnavailable);
  return app;
}

/**
 * The generic cell rate algorithm: one number for each count, the time at which all attempts are
 * paid for. An attempt moves it on by its share of the window, and may not move it further than
 * one window from now.
 */
const spend = `
  local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])
  local wait, paid = 0, {}
  for i = 1, 2 do
    paid[i] = math.max(tonumber(redis.call("GET", KEYS[i]) or 0), now) + ARGV[i + 2]
    wait = math.max(wait, paid[i] - now - window)
  end
  if wait > 0 then return wait end
  for i = 1, 2 do
    redis.call("SET", KEYS[i], string.format("%.0f", paid[i]), "PX", string.format("%.0f", paid[i] - now))
  end
  return 0
`;

const refund = `
  redis.call("DEL", KEYS[1])
  local paid = redis.call("GET", KEYS[2])
  if paid then redis.call("SET", KEYS[2], string.format("%.0f", paid - ARGV[1]), "KEEPTTL") end
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
