import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session from "express-session";
import type { Context } from "./context.ts";

declare module "express-session" {
  interface SessionData {
    shopper: { email: string; role: string };
  }
}

/** The body of `GET /admin/report`. */
export interface Report {
  /** `2026-11-25`, in UTC. */
  readonly day: string;
  readonly views: number;
  /** Views of each page that was viewed. */
  readonly paths: Readonly<Record<string, number>>;
  readonly visitors: number;
  readonly activeNow: number;
  readonly visits: number;
  readonly averageVisitSeconds: number;
}

export function createApp(context: Context): Express {
  const { redis, secret, findProduct, findAccount } = context;
  const app = express();

  app.use(express.json());
  app.use(
    session({
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: 3600 }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  // Your work, first half: count what happens on these two pages.
  app.get("/", (_req, res) => {
    res.json({ page: "Kestrel Outdoor" });
  });
  app.get("/products/:id", async (req, res) => {
    const product = await findProduct(req.params.id);
    if (product === null) res.status(404).json({ error: "no such product" });
    else res.json(product);
  });

  app.post("/login", async (req, res) => {
    const account = await findAccount(String(req.body?.email), String(req.body?.password));
    if (account === null) {
      res.status(401).json({ error: "wrong e-mail or password" });
      return;
    }
    await regenerate(req);
    req.session.shopper = { email: account.email, role: account.role };
    res.json({ role: account.role });
  });
  app.post("/logout", async (req, res) => {
    await regenerate(req);
    res.status(204).end();
  });

  // Your work, second half: who may see it, and what it says.
  app.get("/admin/report", async (_req, res) => {
    res.status(501).json({ error: "not written yet" });
  });

  return app;
}

/** A new session ID; the session from before is gone. */
async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
