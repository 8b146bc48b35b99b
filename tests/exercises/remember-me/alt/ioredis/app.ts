import { createHash, randomBytes } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import { Redis } from "ioredis";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
    language: string;
  }
}

export async function createApp(context: Context): Promise<Express> {
  const { redis, redisUrl, secret, settings, verifyPassword } = context;
  const { sessionSeconds, rememberSeconds, graceSeconds } = settings;
  const chains = await connect(redisUrl);
  const app = express();

  app.use(express.json());
  app.use(
    session({
      name: "sid",
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: sessionSeconds }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  app.put("/language", (req, res) => {
    req.session.language = String(req.body?.language);
    res.status(204).end();
  });

  app.post("/login", async (req, res) => {
    const { name, password, remember } = req.body ?? {};
    if (!(await verifyPassword(name, password))) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    if (remember === true) {
      const chain = { name, browser: randomBytes(12).toString("hex") };
      const token = makeToken(chain);
      await note(name, chainKey(chain), rememberSeconds);
      await chains
        .multi()
        .zadd(chainKey(chain), "inf", hash(token))
        .expire(chainKey(chain), rememberSeconds)
        .exec();
      sendToken(res, token);
    } else {
      res.clearCookie("remember");
    }
    await beginSession(req, name);
    res.json({ name });
  });

  app.get("/me", async (req, res) => {
    const name = await identify(req, res);
    if (name === undefined) res.status(401).json({ error: "not signed in" });
    else res.json({ name });
  });

  app.post("/logout", async (req, res) => {
    const token = readToken(req);
    if (token !== undefined) await chains.unlink(chainKey(token));
    await leave(req, res);
  });

  app.post("/logout-everywhere", async (req, res) => {
    const name = await identify(req, res);
    if (name === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    await endAll(name);
    await leave(req, res);
  });

  return app;

  async function identify(req: Request, res: Response): Promise<string | undefined> {
    const { accountName } = req.session;
    if (accountName !== undefined) {
      await note(accountName, `sess:${req.sessionID}`, sessionSeconds);
      return accountName;
    }
    const token = readToken(req);
    if (token === undefined) return undefined;
    const next = makeToken(token);
    const verdict = await chains.lengthen(
      chainKey(token),
      hash(token.text),
      hash(next),
      graceSeconds,
      rememberSeconds,
    );
    if (verdict === "copied") await endAll(token.name);
    if (verdict === "copied" || verdict === "unknown") return undefined;
    if (verdict === "longer") {
      await note(token.name, chainKey(token), rememberSeconds);
      sendToken(res, next);
    }
    await beginSession(req, token.name);
    return token.name;
  }

  /** Writes down what belongs to the account, and until when. */
  async function note(name: string, key: string, lifeSeconds: number): Promise<void> {
    const all = `belongings:${name}`;
    const nowMs = Date.now();
    await chains
      .multi()
      .zadd(all, nowMs + lifeSeconds * 1000, key)
      .zremrangebyscore(all, "-inf", nowMs)
      .expire(all, rememberSeconds + sessionSeconds)
      .exec();
  }

  async function endAll(name: string): Promise<void> {
    const all = `belongings:${name}`;
    await chains.unlink(all, ...(await chains.zrange(all, 0, -1)));
  }

  function sendToken(res: Response, token: string): void {
    const maxAge = rememberSeconds * 1000;
    res.cookie("remember", token, { maxAge, httpOnly: true, sameSite: "lax" });
  }

  async function beginSession(req: Request, name: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      req.session.regenerate((error) => (error ? reject(error) : resolve()));
    });
    await note(name, `sess:${req.sessionID}`, sessionSeconds);
    req.session.accountName = name;
    await new Promise<void>((resolve, reject) => {
      req.session.save((error) => (error ? reject(error) : resolve()));
    });
  }
}

interface Chains extends Redis {
  lengthen(
    chain: string,
    given: string,
    next: string,
    graceSeconds: number,
    lifeSeconds: number,
  ): Promise<"longer" | "grace" | "copied" | "unknown">;
}

async function connect(url: string): Promise<Chains> {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  });
  client.on("error", () => {});
  client.defineCommand("lengthen", { numberOfKeys: 1, lua: lengthen });
  await client.connect();
  return client as Chains;
}

/** A chain holds all tokens that a browser has had, each with the second of its replacement. */
const lengthen = `
  local replaced = redis.call("ZSCORE", KEYS[1], ARGV[1])
  if not replaced then return "unknown" end
  local now = tonumber(redis.call("TIME")[1])
  if replaced ~= "inf" then
    return now - tonumber(replaced) <= tonumber(ARGV[3]) and "grace" or "copied"
  end
  redis.call("ZADD", KEYS[1], now, ARGV[1], "inf", ARGV[2])
  redis.call("EXPIRE", KEYS[1], ARGV[4])
  return "longer"
`;

interface Chain {
  readonly name: string;
  readonly browser: string;
}

function makeToken({ name, browser }: Chain): string {
  return `${name}:${browser}:${randomBytes(20).toString("hex")}`;
}

function readToken(req: Request): (Chain & { readonly text: string }) | undefined {
  const found = /(?:^|;\s*)remember=([^;]*)/.exec(req.headers.cookie ?? "");
  const text = (found?.[1] ?? "").replaceAll("%3A", ":");
  const [name, browser, ...secrets] = text.split(":");
  if (name === undefined || browser === undefined || secrets.length !== 1) return undefined;
  return { name, browser, text };
}

function chainKey({ name, browser }: Chain): string {
  return `chain:${name}:${browser}`;
}

/** Of the whole token: the name and the browser in it are proven as well. */
function hash(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}

async function leave(req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error) => (error ? reject(error) : resolve()));
  });
  res.clearCookie("sid").clearCookie("remember").status(204).end();
}
