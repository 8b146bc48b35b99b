// What the versions of the shop share: the connection to Redis, the sessions, the login, the listening.
import { RedisStore } from "connect-redis";
import express, { type ErrorRequestHandler, type Express } from "express";
import session from "express-session";
import type { Client } from "./connect.ts";

declare module "express-session" {
  interface SessionData {
    user: string;
  }
}

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

/** The sessions of the shop: they end after half an hour without a page. */
export function sessionsIn(store: RedisStore) {
  return session({
    store,
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax" },
  });
}

/** An app with a login, and nothing else yet. */
export function createShop(client: Client, ttl = 1800): Express {
  const app = express();
  app.use(sessionsIn(new RedisStore({ client, ttl })));

  // #region login
  app.post("/login", express.json(), (req, res) => {
    req.session.user = String(req.body?.name);
    res.json({ name: req.session.user });
  });

  app.get("/me", (req, res) => {
    if (req.session.user === undefined) res.status(401).json({ error: "not logged in" });
    else res.json({ name: req.session.user });
  });
  // #endregion
  return app;
}

/** The last resort: one line in the log, and the reader sees what went wrong, if it is not too late for an answer. */
const failed: ErrorRequestHandler = (error: Error, _req, res, _next) => {
  console.error("failed:", error.message || error.name);
  if (res.headersSent) return;
  res.status(500).send(`Something went wrong: ${error.message || error.name}`);
};

/** Listens until SIGINT or SIGTERM. */
export function listen(app: Express, name: string): void {
  app.use(failed);
  const server = app.listen(port, host, (error) => {
    if (error) throw error;
    console.log(`Corner Books (${name}) listens on ${host}, port ${port}`);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close(() => process.exit());
    });
  }
}
