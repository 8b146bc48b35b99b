import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session from "express-session";
import { createAnalytics } from "./analytics.ts";
import type { Context } from "../../starter/context.ts";
import { dayOf } from "../../../../../solutions/analytics/days.ts";
import { createVisitorCookie } from "./visitor-cookie.ts";

declare module "express-session" {
  interface SessionData {
    shopper: { email: string; role: string };
  }
}

export function createApp(context: Context): Express {
  const { redis, secret, findProduct, findAccount } = context;
  const app = express();
  const analytics = createAnalytics(context);
  const { visitorIn, visitorOf } = createVisitorCookie(context);

  app.use(express.json());
  app.use(
    ["/login", "/logout", "/admin"],
    session({
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: 3600 }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  app.use((req, _res, next) => {
    const visitor = visitorIn(req);
    if (visitor !== undefined) analytics.isHere(visitor);
    next();
  });

  app.get("/", (req, res) => {
    analytics.countView("/", visitorOf(req, res));
    res.json({ page: "Kestrel Outdoor" });
  });
  app.get("/products/:id", async (req, res) => {
    const product = await findProduct(req.params.id);
    if (product === null) {
      res.status(404).json({ error: "no such product" });
      return;
    }
    analytics.countView(`/products/${product.id}`, visitorOf(req, res));
    res.json(product);
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

  app.get("/admin/report", async (req, res) => {
    if (req.session.shopper === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    if (req.session.shopper.role !== "analyst") {
      res.status(403).json({ error: "not allowed" });
      return;
    }
    const { day = dayOf(Date.now()) } = req.query;
    res.json(await analytics.report(String(day)));
  });

  return app;
}

/** A new session ID; the session from before is gone. */
async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
