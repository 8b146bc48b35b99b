import { promisify } from "node:util";
import { RedisStore } from "connect-redis";
import express, { type Express } from "express";
import session from "express-session";
import type { Context } from "./context.ts";

declare module "express-session" {
  interface SessionData {
    account: { name: string; role: string };
    language: string;
  }
}

/** Setting the cookie and taking it back must agree, or it stays. */
const cookie = { httpOnly: true, sameSite: "lax" } as const;

export function createApp({ redis, settings, findAccount }: Context): Express {
  const { cookieName, secrets, prefix, sessionSeconds } = settings;
  const app = express();
  app.use(express.json());
  // It saves what a request has changed before it lets the answer end: the next request sees it.
  app.use(
    session({
      name: cookieName,
      store: new RedisStore({ client: redis, prefix, ttl: sessionSeconds }),
      secret: [...secrets],
      resave: false,
      saveUninitialized: false,
      cookie,
    }),
  );

  app.post("/login", async (req, res) => {
    const account = await findAccount(String(req.body?.name), String(req.body?.password));
    if (account === null) {
      res.status(401).json({ error: "wrong name or password" });
    } else {
      // A new ID: one that was known before is worth nothing afterwards.
      await promisify((done: (error: unknown) => void) => req.session.regenerate(done))();
      // Only what both programs need: the rest of the profile stays where it is.
      req.session.account = { name: account.name, role: account.role };
      req.session.language = "en";
      res.json(req.session.account);
    }
  });

  app.get("/me", (req, res) => {
    const { account, language } = req.session;
    if (account === undefined) res.status(401).json({ error: "not signed in" });
    else res.json({ name: account.name, role: account.role, language });
  });

  app.put("/language", (req, res) => {
    if (req.session.account === undefined) {
      res.status(401).json({ error: "not signed in" });
    } else {
      req.session.language = String(req.body?.language);
      res.json({ language: req.session.language });
    }
  });

  app.post("/logout", async (req, res) => {
    await promisify((done: (error: unknown) => void) => req.session.destroy(done))();
    res.clearCookie(cookieName, cookie).status(204).end();
  });
  return app;
}
