import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    account: { name: string; role: string };
    language: string;
  }
}

export function createApp({ redis, settings, findAccount }: Context): Express {
  const { cookieName, secrets, prefix, sessionSeconds } = settings;
  const app = express();
  app.use(express.json());
  app.use(
    session({
      name: cookieName,
      store: new RedisStore({ client: redis, prefix, ttl: sessionSeconds }),
      secret: [...secrets],
      resave: false,
      saveUninitialized: false,
      rolling: true,
      cookie: { httpOnly: true, sameSite: "lax", maxAge: sessionSeconds * 1000 },
    }),
  );

  app.post("/login", async (req, res) => {
    const { name, password } = req.body ?? {};
    const account = await findAccount(String(name), String(password));
    if (account === null) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await regenerate(req);
    // Only what both programs need: the rest of the profile stays where it is.
    req.session.account = { name: account.name, role: account.role };
    req.session.language = "en";
    await save(req);
    res.json(req.session.account);
  });

  app.get("/me", (req, res) => {
    const { account, language } = req.session;
    if (account === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    res.json({ name: account.name, role: account.role, language });
  });

  app.put("/language", async (req, res) => {
    if (req.session.account === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    req.session.language = String(req.body?.language);
    await save(req);
    res.json({ language: req.session.language });
  });

  app.post("/logout", async (req, res) => {
    await new Promise<void>((resolve, reject) => {
      req.session.destroy((error) => (error ? reject(error) : resolve()));
    });
    res.clearCookie(cookieName, { httpOnly: true, sameSite: "lax" }).status(204).end();
  });
  return app;
}

/** A new ID at login: one that was known before is worth nothing afterwards. */
async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}

/** Waits until Redis has it, so that the next request sees it, at the service too. */
async function save(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
}
