import { createHash, randomBytes } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
    generation: string;
    language: string;
  }
}

export function createApp(context: Context): Express {
  const { redis, secret, settings, verifyPassword } = context;
  const { sessionSeconds, rememberSeconds, graceSeconds } = settings;
  const generationSeconds = rememberSeconds + sessionSeconds;
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
    const isRight =
      typeof name === "string" &&
      typeof password === "string" &&
      (await verifyPassword(name, password));
    if (!isRight) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await forgetBrowser(req, res);
    const generation = await joinGeneration(name);
    if (remember === true) await rememberBrowser(res, name, generation);
    await renewSession(req, name, generation);
    res.json({ name });
  });

  app.get("/me", async (req, res) => {
    const name = await whoIsIt(req, res);
    if (name === undefined) res.status(401).json({ error: "not signed in" });
    else res.json({ name });
  });

  app.post("/logout", async (req, res) => {
    await forgetBrowser(req, res);
    await endSession(req);
    res.clearCookie("sid");
    res.status(204).end();
  });

  app.post("/logout-everywhere", async (req, res) => {
    const name = await whoIsIt(req, res);
    if (name === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    await endEverything(name);
    await forgetBrowser(req, res);
    await endSession(req);
    res.clearCookie("sid");
    res.status(204).end();
  });

  return app;

  async function whoIsIt(req: Request, res: Response): Promise<string | undefined> {
    const { accountName, generation } = req.session;
    if (accountName !== undefined && (await isCurrent(accountName, generation))) return accountName;
    return await useToken(req, res);
  }

  async function useToken(req: Request, res: Response): Promise<string | undefined> {
    const token = readToken(req);
    if (token === undefined) return undefined;
    const next = randomText();
    const reply = await redis.eval(exchangeToken, {
      keys: [browserKey(token.selector)],
      arguments: [hash(token.validator), hash(next), String(graceSeconds * 1000)],
    });
    const [verdict, name = "", generation = ""] = Array.isArray(reply) ? reply.map(String) : [];
    const isAlive = await isCurrent(name, generation);
    if (verdict === "copied" && isAlive) await endEverything(name);
    if (!isAlive || (verdict !== "replaced" && verdict !== "grace")) {
      await forgetBrowser(req, res);
      return undefined;
    }
    if (verdict === "replaced") setToken(res, `${token.selector}.${next}`);
    await renewSession(req, name, generation);
    return name;
  }

  async function rememberBrowser(res: Response, name: string, generation: string): Promise<void> {
    const selector = randomText();
    const validator = randomText();
    await redis
      .multi()
      .hSet(browserKey(selector), { name, generation, current: hash(validator) })
      .expire(browserKey(selector), rememberSeconds)
      .exec();
    setToken(res, `${selector}.${validator}`);
  }

  async function forgetBrowser(req: Request, res: Response): Promise<void> {
    const token = readToken(req);
    if (token !== undefined) await redis.del(browserKey(token.selector));
    if (readCookie(req, "remember") !== undefined) res.clearCookie("remember");
  }

  async function joinGeneration(name: string): Promise<string> {
    const reply = await redis.eval(readOrMakeGeneration, {
      keys: [generationKey(name)],
      arguments: [randomText(), String(generationSeconds)],
    });
    return String(reply);
  }

  async function isCurrent(name: string, generation: string | undefined): Promise<boolean> {
    if (generation === undefined) return false;
    const life = { type: "EX", value: generationSeconds } as const;
    return (await redis.getEx(generationKey(name), life)) === generation;
  }

  async function endEverything(name: string): Promise<void> {
    await redis.del(generationKey(name));
  }
}

const exchangeToken = `
  local browser = redis.call("HMGET", KEYS[1], "name", "generation", "current")
  local name, generation, current = browser[1], browser[2], browser[3]
  if not name then return { "unknown" } end

  if ARGV[1] == current then
    redis.call("HSET", KEYS[1], "current", ARGV[2])
    redis.call("SET", KEYS[1] .. ":" .. current, "replaced", "PX", ARGV[3])
    return { "replaced", name, generation, tostring(redis.call("PTTL", KEYS[1])) }
  end
  if redis.call("EXISTS", KEYS[1] .. ":" .. ARGV[1]) == 1 then
    return { "grace", name, generation }
  end
  return { "copied", name, generation }
`;

const readOrMakeGeneration = `
  redis.call("SET", KEYS[1], ARGV[1], "NX", "EX", ARGV[2])
  redis.call("EXPIRE", KEYS[1], ARGV[2])
  return redis.call("GET", KEYS[1])
`;

interface Token {
  readonly selector: string;
  readonly validator: string;
}

function readToken(req: Request): Token | undefined {
  const match = /^([\w-]{43})\.([\w-]{43})$/.exec(readCookie(req, "remember") ?? "");
  const [, selector, validator] = match ?? [];
  if (selector === undefined || validator === undefined) return undefined;
  return { selector, validator };
}

function setToken(res: Response, token: string): void {
  res.cookie("remember", token, { httpOnly: true, sameSite: "lax", path: "/" });
}

function browserKey(selector: string): string {
  return `browser:${selector}`;
}

function generationKey(name: string): string {
  return `generation:${name}`;
}

function randomText(): string {
  return randomBytes(32).toString("base64url");
}

function hash(validator: string): string {
  return createHash("sha256").update(validator).digest("base64url");
}

export function readCookie(req: Request, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

export async function renewSession(req: Request, name: string, generation: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
  req.session.accountName = name;
  req.session.generation = generation;
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
}

async function endSession(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error) => (error ? reject(error) : resolve()));
  });
}
