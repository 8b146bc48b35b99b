import { createHash } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type ErrorRequestHandler, type Express, type Request } from "express";
import session from "express-session";
import type { Context } from "./context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
  }
}

export function createApp(context: Context): Express {
  const { redis, secret, settings, verifyPassword } = context;
  const app = express();

  // Decides what req.ip is: the connection's address, or what one proxy has written.
  app.set("trust proxy", settings.trustProxy);
  app.use(express.json());
  // What needs Redis, and its answer when Redis is away. A body that is no JSON is no affair of it.
  const site = express.Router();
  app.use(site);
  site.use(
    session({
      store: new RedisStore({ client: redis, prefix: "sess:" }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  site.get("/me", (req, res) => {
    if (req.session.accountName === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    res.json({ name: req.session.accountName });
  });

  site.post("/login", async (req, res) => {
    // A login without a name, or with something that is no text, is a wrong one like any other.
    const name = String(req.body?.name).trim().toLowerCase();
    const keys = [`failures:account:${hash(name)}`, `failures:address:${hash(String(req.ip))}`];

    const waitMs = Number(
      await redis.eval(countAttempt, {
        keys,
        arguments: [
          String(settings.accountLimit),
          String(settings.addressLimit),
          String(settings.windowSeconds * 1000),
        ],
      }),
    );
    if (waitMs !== 0) {
      res.set("Retry-After", String(Math.ceil(waitMs / 1000)));
      res.status(429).json({ error: "too many failed logins" });
      return;
    }

    if ((await verifyPassword(name, String(req.body?.password))) !== "right") {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await redis.eval(forgiveAttempt, { keys });
    await signIn(req, name);
    res.json({ name });
  });

  site.use(answerUnavailable);
  return app;
}

/**
 * Counts the attempt as failed before anybody looks at the password, so that attempts which
 * arrive together cannot overtake the count. Answers 0, or for how many milliseconds the attempt
 * is refused; a refused attempt is counted nowhere.
 */
const countAttempt = `
  local waitMs = 0
  for i, key in ipairs(KEYS) do
    if tonumber(redis.call("GET", key) or "0") >= tonumber(ARGV[i]) then
      waitMs = math.max(waitMs, redis.call("PTTL", key))
    end
  end
  if waitMs > 0 then return waitMs end

  for _, key in ipairs(KEYS) do
    if redis.call("INCR", key) == 1 then redis.call("PEXPIRE", key, ARGV[3]) end
  end
  return 0
`;

/**
 * The password was right: the account starts afresh, and the address gets its one attempt back.
 * The window may have ended while the password was checked; DECR would then make a key of -1
 * that never expires.
 */
const forgiveAttempt = `
  redis.call("DEL", KEYS[1])
  if tonumber(redis.call("GET", KEYS[2]) or "0") > 0 then redis.call("DECR", KEYS[2]) end
`;

/** Names and addresses are hashed: a key has one length, whatever somebody types. */
function hash(subject: string): string {
  return createHash("sha256").update(subject).digest("base64url");
}

/** Gives the browser a new session that belongs to `name`, and waits until Redis has it. */
export async function signIn(req: Request, name: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
  req.session.accountName = name;
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
}

/** Without the count nobody may guess: when Redis does not answer, the login is closed. */
const answerUnavailable: ErrorRequestHandler = (error, _req, res, _next) => {
  console.error("login failed:", error);
  res.status(503).json({ error: "login is unavailable" });
};
