import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import type { createClient } from "redis";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
    language: string;
  }
}

/** All that is known of an account, in one JSON text; times are milliseconds since 1970. */
interface Account {
  readonly browsers: Readonly<Record<string, Browser>>;
  /** IDs of sessions, and when they end if nobody comes. */
  readonly sessions: Readonly<Record<string, number>>;
}

interface Browser {
  readonly hash: string;
  readonly until: number;
  /** Tokens in their grace. */
  readonly replaced: readonly { readonly hash: string; readonly until: number }[];
}

const EMPTY: Account = { browsers: {}, sessions: {} };

/** Plain and slow: reads the whole account, changes it, writes it if nobody has meanwhile. */
class Accounts {
  readonly #client: ReturnType<typeof createClient>;
  readonly #lifeMs: number;
  /** WATCH belongs to a connection: one change after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: ReturnType<typeof createClient>, lifeMs: number) {
    this.#client = client;
    this.#lifeMs = lifeMs;
  }

  async read(name: string): Promise<Account> {
    return parse(await this.#client.get(`account:${name}`));
  }

  /** `change` answers what becomes of the account, undefined for nothing, and a result. */
  change<T>(
    name: string,
    change: (account: Account) => readonly [Account | undefined, T],
  ): Promise<T> {
    const mine = this.#last.catch(() => {}).then(async () => await this.#try(name, change));
    this.#last = mine;
    return mine;
  }

  async #try<T>(
    name: string,
    change: (account: Account) => readonly [Account | undefined, T],
  ): Promise<T> {
    const key = `account:${name}`;
    for (;;) {
      await this.#client.watch(key);
      const [after, result] = change(parse(await this.#client.get(key)));
      if (after === undefined) {
        await this.#client.unwatch();
        return result;
      }
      const write = this.#client.multi().set(key, JSON.stringify(clean(after)), {
        expiration: { type: "PX", value: this.#lifeMs },
      });
      try {
        await write.exec();
        return result;
      } catch (error) {
        if (!(error instanceof Error && error.name === "WatchError")) throw error;
      }
    }
  }
}

export async function createApp(context: Context): Promise<Express> {
  const { redis, secret, settings, verifyPassword } = context;
  const sessionMs = settings.sessionSeconds * 1000;
  const rememberMs = settings.rememberSeconds * 1000;
  const graceMs = settings.graceSeconds * 1000;
  const client = redis.duplicate();
  client.on("error", () => {});
  await client.connect();
  const accounts = new Accounts(client, rememberMs + sessionMs);
  const app = express();

  app.use(express.json());
  app.use(
    session({
      name: "sid",
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: settings.sessionSeconds }),
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
      const token = { name, id: makeText(), secret: makeText() };
      const until = Date.now() + rememberMs;
      const browser = { hash: hash(token.secret), until, replaced: [] };
      await accounts.change(name, (account) => [
        { ...account, browsers: { ...account.browsers, [token.id]: browser } },
        undefined,
      ]);
      sendToken(res, token, rememberMs);
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
    if (token !== undefined) {
      await accounts.change(token.name, (account) => {
        const { [token.id]: gone, ...browsers } = account.browsers;
        return [gone === undefined ? undefined : { ...account, browsers }, undefined];
      });
    }
    await leave(req, res);
  });

  app.post("/logout-everywhere", async (req, res) => {
    const name = await identify(req, res);
    if (name === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    await accounts.change(name, () => [EMPTY, undefined]);
    await leave(req, res);
  });

  return app;

  async function identify(req: Request, res: Response): Promise<string | undefined> {
    const { accountName } = req.session;
    if (accountName !== undefined) {
      const { sessions } = await accounts.read(accountName);
      if (Object.hasOwn(sessions, req.sessionID)) {
        await accounts.change(accountName, (account) =>
          Object.hasOwn(account.sessions, req.sessionID)
            ? [withSession(account, req.sessionID), undefined]
            : [undefined, undefined],
        );
        return accountName;
      }
    }
    const token = readToken(req);
    if (token === undefined) return undefined;
    const next = makeText();
    const verdict = await accounts.change(token.name, (account) => use(account, token, next));
    if (verdict === "refused") return undefined;
    if (verdict !== "grace") sendToken(res, { ...token, secret: next }, verdict.leftMs);
    await beginSession(req, token.name);
    return token.name;
  }

  type Verdict = "refused" | "grace" | { readonly leftMs: number };

  function use(
    account: Account,
    token: Token,
    next: string,
  ): readonly [Account | undefined, Verdict] {
    const browser = Object.hasOwn(account.browsers, token.id)
      ? account.browsers[token.id]
      : undefined;
    const nowMs = Date.now();
    if (browser === undefined || browser.until <= nowMs) return [undefined, "refused"];
    const inGrace = browser.replaced.filter(({ until }) => until > nowMs);
    if (isHashOf(browser.hash, token.secret)) {
      const replaced = [...inGrace, { hash: browser.hash, until: nowMs + graceMs }];
      const after = { hash: hash(next), until: browser.until, replaced };
      return [
        { ...account, browsers: { ...account.browsers, [token.id]: after } },
        { leftMs: browser.until - nowMs },
      ];
    }
    if (inGrace.some((each) => isHashOf(each.hash, token.secret))) {
      return [undefined, "grace"];
    }
    return [EMPTY, "refused"];
  }

  function withSession(account: Account, id: string): Account {
    return { ...account, sessions: { ...account.sessions, [id]: Date.now() + sessionMs } };
  }

  async function beginSession(req: Request, name: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      req.session.regenerate((error) => (error ? reject(error) : resolve()));
    });
    await accounts.change(name, (account) => [withSession(account, req.sessionID), undefined]);
    req.session.accountName = name;
    await new Promise<void>((resolve, reject) => {
      req.session.save((error) => (error ? reject(error) : resolve()));
    });
  }
}

interface Token {
  readonly name: string;
  readonly id: string;
  readonly secret: string;
}

function readToken(req: Request): Token | undefined {
  const found = /(?:^|;\s*)remember=([^;]*)/.exec(req.headers.cookie ?? "");
  const [name = "", id = "", secret = "", ...rest] = (found?.[1] ?? "").split("|");
  const isWhole = id.length === 32 && secret.length === 32 && rest.length === 0;
  return isWhole ? { name, id, secret } : undefined;
}

function sendToken(res: Response, { name, id, secret }: Token, maxAge: number): void {
  res.cookie("remember", [name, id, secret].join("|"), {
    maxAge,
    httpOnly: true,
    sameSite: "strict",
    encode: String,
  });
}

async function leave(req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error) => (error ? reject(error) : resolve()));
  });
  res.clearCookie("sid").clearCookie("remember").status(204).end();
}

function parse(text: string | null): Account {
  return text === null ? EMPTY : (JSON.parse(text) as Account);
}

/** Without the browsers and sessions whose time is over. */
function clean({ browsers, sessions }: Account): Account {
  const nowMs = Date.now();
  return {
    browsers: Object.fromEntries(Object.entries(browsers).filter(([, { until }]) => until > nowMs)),
    sessions: Object.fromEntries(Object.entries(sessions).filter(([, until]) => until > nowMs)),
  };
}

function makeText(): string {
  return randomBytes(24).toString("base64url");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function isHashOf(stored: string, text: string): boolean {
  return timingSafeEqual(Buffer.from(stored), Buffer.from(hash(text)));
}
