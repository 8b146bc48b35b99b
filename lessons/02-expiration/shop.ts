// What all versions of the shop share: the connection to Redis and the pages. They differ in their sessions.
import express, { type RequestHandler } from "express";
import { createClient } from "redis";

declare module "express-session" {
  interface SessionData {
    user: string;
    role: string;
    loggedInAt: number;
    remembered: boolean;
  }
}

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";

/** Signs the cookies. */
export const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

/** Connected. */
export const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

/** Opens the shop: the sessions first, then the pages. */
export function openShop(name: string, sessions: RequestHandler): void {
  const app = express();
  app.use(sessions, express.json());

  // #region pages
  app.post("/login", (req, res) => {
    req.session.user = String(req.body?.name);
    req.session.role = String(req.body?.role ?? "customer");
    req.session.loggedInAt = Date.now();
    res.send(`Welcome, ${req.session.user}.`);
  });

  app.get("/", (req, res) => {
    res.send(`Hello, ${req.session.user ?? "stranger"}.`);
  });
  // #endregion

  // #region remember-unsaved
  app.post("/remember-unsaved", (req, res) => {
    req.session.cookie.maxAge = 30 * 24 * 60 * 60 * 1000;
    res.send("We will remember you for 30 days.");
  });
  // #endregion

  // #region remember
  app.post("/remember", (req, res) => {
    req.session.cookie.maxAge = 30 * 24 * 60 * 60 * 1000;
    req.session.remembered = true;
    res.send("We will remember you for 30 days.");
  });
  // #endregion

  const server = app.listen(port, host, (error) => {
    if (error) throw error;
    console.log(`Corner Books (${name}) listens on ${host}, port ${port}`);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close(() => void client.close());
    });
  }
}
