import { createHash, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import type { Context } from "./context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
    /** The generation of the account that the session belongs to. */
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

  // Strangers choose a language too, so there are sessions without an account.
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
    const generation = await joinGeneration(name);
    await forgetBrowser(req); // It has a new owner, perhaps, and must not come back as the old one.
    if (remember === true) await rememberBrowser(res, name, generation);
    else res.clearCookie("remember");
    await renewSession(req, name, generation);
    res.json({ name });
  });

  app.get("/me", async (req, res) => {
    const name = await whoIsIt(req, res);
    if (name === undefined) res.status(401).json({ error: "not signed in" });
    else res.json({ name });
  });

  app.post("/logout", async (req, res) => {
    await forgetBrowser(req);
    await leave(req, res);
  });

  app.post("/logout-everywhere", async (req, res) => {
    const name = await whoIsIt(req, res);
    if (name === undefined) {
      res.status(401).json({ error: "not signed in" });
    } else {
      await endEverything(name);
      await leave(req, res);
    }
  });

  return app;

  /** The account of this browser, by its session or else by its token. */
  async function whoIsIt(req: Request, res: Response): Promise<string | undefined> {
    const { accountName, generation } = req.session;
    if (accountName !== undefined && (await isCurrent(accountName, generation))) return accountName;
    return await useToken(req, res);
  }

  /** Makes a session from a valid token, and replaces the token. */
  async function useToken(req: Request, res: Response): Promise<string | undefined> {
    const token = readToken(req);
    if (token === undefined) return undefined;
    const next = randomText();
    const reply = await redis.eval(exchangeToken, {
      keys: [browserKey(token.selector), replacedKey(token)],
      arguments: [hash(token.validator), hash(next), String(graceSeconds)],
    });
    if (reply === null) return undefined;
    const [verdict, name, generation, lifeMs] = reply as Exchange;
    // The account may have ended everything since this browser was remembered. Then nothing is
    // left that a copy could open, and a dead token must not end what has come since.
    if (!(await isCurrent(name, generation))) return undefined;
    if (verdict === "copied") {
      await endEverything(name);
      return undefined;
    }
    if (verdict === "replaced") setToken(res, `${token.selector}.${next}`, Number(lifeMs));
    await renewSession(req, name, generation);
    return name;
  }

  /** Remembers this browser until `rememberSeconds` from now, however often it comes back. */
  async function rememberBrowser(res: Response, name: string, generation: string): Promise<void> {
    const selector = randomText();
    const validator = randomText();
    await redis
      .multi()
      .hSet(browserKey(selector), { name, generation, current: hash(validator) })
      .expire(browserKey(selector), rememberSeconds)
      .exec();
    setToken(res, `${selector}.${validator}`, rememberSeconds * 1000);
  }

  async function forgetBrowser(req: Request): Promise<void> {
    const token = readToken(req);
    if (token !== undefined) await redis.del(browserKey(token.selector));
  }

  /**
   * All sessions and tokens of an account belong to one generation, which has a random name.
   * It outlives each of them: every login and every look prolongs it.
   */
  async function joinGeneration(name: string): Promise<string> {
    const reply = await redis.eval(readOrMakeGeneration, {
      keys: [generationKey(name)],
      arguments: [randomText(), String(generationSeconds)],
    });
    return String(reply);
  }

  async function isCurrent(name: string, generation: string | undefined): Promise<boolean> {
    const life = { type: "EX", value: generationSeconds } as const;
    return (await redis.getEx(generationKey(name), life)) === generation;
  }

  /** The next login begins a new generation; nothing of the old one is valid. */
  async function endEverything(name: string): Promise<void> {
    await redis.del(generationKey(name));
  }
}

/** What became of a token. Only who replaces it gets another one, to live as long as its record. */
type Exchange = [
  verdict: "replaced" | "grace" | "copied",
  name: string,
  generation: string,
  lifeMs: string,
];

/**
 * Takes the hash of the validator that the browser sent and that of the one which follows it;
 * answers an `Exchange`, or nothing for a browser that is not known.
 * In one script, so that of two tabs exactly one replaces the token, and the other finds it replaced.
 */
const exchangeToken = `
  local name, generation, current = unpack(redis.call("HMGET", KEYS[1], "name", "generation", "current"))
  if not name then return nil end

  local lifeMs = tostring(redis.call("PTTL", KEYS[1]))
  local verdict = "copied"
  if ARGV[1] == current then
    redis.call("HSET", KEYS[1], "current", ARGV[2])
    redis.call("SET", KEYS[2], "", "EX", ARGV[3])
    verdict = "replaced"
  elseif redis.call("EXISTS", KEYS[2]) == 1 then
    verdict = "grace"
  end
  return { verdict, name, generation, lifeMs }
`;

const readOrMakeGeneration = `
  redis.call("SET", KEYS[1], ARGV[1], "NX", "EX", ARGV[2])
  redis.call("EXPIRE", KEYS[1], ARGV[2])
  return redis.call("GET", KEYS[1])
`;

interface Token {
  /** Finds the browser; stays the same. Redis knows it. */
  readonly selector: string;
  /** Proves that it is the browser; new at each use. Redis knows only its hash. */
  readonly validator: string;
}

const TOKEN = /^(?<selector>[\w-]{43})\.(?<validator>[\w-]{43})$/;

/** Undefined unless it has the form of a token: what has not is not worth a question to Redis. */
function readToken(req: Request): Token | undefined {
  return TOKEN.exec(String(readCookie(req, "remember")))?.groups as Token | undefined;
}

function setToken(res: Response, token: string, lifeMs: number): void {
  res.cookie("remember", token, { maxAge: lifeMs, httpOnly: true, sameSite: "lax" });
}

function browserKey(selector: string): string {
  return `browser:${selector}`;
}

/** It is there for `graceSeconds` after this token was replaced. */
function replacedKey({ selector, validator }: Token): string {
  return `replaced:${selector}:${hash(validator)}`;
}

function generationKey(name: string): string {
  return `generation:${name}`;
}

/** 256 random bits, in 43 characters that need no encoding in a cookie. */
function randomText(): string {
  return randomBytes(32).toString("base64url");
}

/** A fast hash will do: nobody can try out 2²⁵⁶ validators. */
function hash(validator: string): string {
  return createHash("sha256").update(validator).digest("base64url");
}

/** The value of a cookie as the browser sent it, not decoded; undefined when there is none. */
export function readCookie(req: Request, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Ends the session that the browser has, if any, and gives it a new one that belongs to `name`. */
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

/** Ends the session, and tells the browser to drop both cookies. */
async function leave(req: Request, res: Response): Promise<void> {
  await promisify((done: (error?: unknown) => void) => req.session.destroy(done))();
  res.clearCookie("sid").clearCookie("remember").status(204).end();
}
