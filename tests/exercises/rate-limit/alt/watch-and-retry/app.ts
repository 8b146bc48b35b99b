import { setTimeout as pause } from "node:timers/promises";
import { RedisStore } from "connect-redis";
import express, { type ErrorRequestHandler, type Express, type Request } from "express";
import session from "express-session";
import { WatchError } from "redis";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    accountName: string;
  }
}

export async function createApp(context: Context): Promise<Express> {
  const { redis, secret, settings, verifyPassword } = context;
  const { accountLimit, addressLimit, windowSeconds } = settings;
  // WATCH belongs to a connection: this one is used by one attempt at a time.
  const watcher = redis.duplicate();
  watcher.on("error", () => {});
  await watcher.connect();
  let turn: Promise<unknown> = Promise.resolve();
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

  /** Changes the lists of failure times; tries again when another instance was quicker. */
  async function change<T>(keys: string[], decide: (lists: number[][]) => [T, number[][]]) {
    for (;;) {
      await watcher.watch(keys);
      const texts = await watcher.mGet(keys);
      const lists = texts.map((text) => current(text, windowSeconds));
      const [answer, wanted] = decide(lists);
      const transaction = watcher.multi();
      for (const [i, list] of wanted.entries()) {
        const key = keys[i] ?? "";
        if (list.length === 0) transaction.del(key);
        else transaction.set(key, JSON.stringify(list), { PX: windowSeconds * 1000 });
      }
      try {
        await transaction.exec();
        return answer;
      } catch (error) {
        if (!(error instanceof WatchError)) throw error;
        await pause(1);
      }
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  app.post("/login", async (req, res) => {
    const { password } = req.body;
    const name = req.body.name.trim().toLowerCase();
    const keys = [`failures/${name}`, `failures/${req.ip}/from`];
    const limits = [accountLimit, addressLimit];
    const now = Date.now();
    const waitMs = await inTurn(() =>
      change(keys, (lists): [number, number[][]] => {
        const waits = lists.map((list, i) => {
          const first = list[list.length - (limits[i] ?? 0)];
          return first === undefined ? 0 : first + windowSeconds * 1000 - now;
        });
        const wait = Math.max(...waits);
        return [wait, wait > 0 ? lists : lists.map((list) => [...list, now])];
      }),
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
    await inTurn(() =>
      change(keys, ([, there = []]): [null, number[][]] => {
        const mine = there.lastIndexOf(now);
        return [null, [[], there.filter((_, i) => i !== mine)]];
      }),
    );
    await signIn(req, name);
    res.json({ name });
  });

  app.use(answerUnavailable);
  return app;
}

/** The failures that still count, oldest first. */
function current(text: string | null, windowSeconds: number): number[] {
  const times: number[] = text === null ? [] : JSON.parse(text);
  return times.filter((time) => time > Date.now() - windowSeconds * 1000);
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
