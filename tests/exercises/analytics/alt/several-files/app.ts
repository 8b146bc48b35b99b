import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type RequestHandler } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";
import { dayOf } from "./counting/days.ts";
import { guests } from "./counting/guests.ts";
import { Views } from "./counting/views.ts";
import { Visitors } from "./counting/visitors.ts";
import { Visits } from "./counting/visits.ts";

declare module "express-session" {
  interface SessionData {
    shopper: { email: string; role: string };
  }
}

export function createApp(context: Context): Express {
  const { redis, secret, findProduct, findAccount } = context;
  const [views, visitors, visits] = [
    new Views(context),
    new Visitors(context),
    new Visits(context),
  ];
  const app = express();
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

  // Once it is known that it was a view: what was answered 200.
  const counted: RequestHandler = (req, res, next) => {
    const path = req.path === "/" ? "/" : req.path.replace(/\/+$/, "");
    res.on("finish", () => {
      if (res.statusCode !== 200 || req.method !== "GET") return;
      const now = Date.now();
      const visitor: string | undefined = res.locals["visitor"];
      const work = [views.add(path, now)];
      if (visitor !== undefined) {
        work.push(visitors.seen(visitor, now), visits.goesOn(visitor, now));
      }
      void Promise.allSettled(work);
    });
    next();
  };
  const pages = [guests(secret), counted];

  app.get("/", pages, ((_req, res) => {
    res.json({ page: "Kestrel Outdoor" });
  }) satisfies RequestHandler);
  app.get("/products/:id", pages, (async (req, res) => {
    const product = await findProduct(String(req.params["id"]));
    if (product === null) res.status(404).json({ error: "no such product" });
    else res.json(product);
  }) satisfies RequestHandler);

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

  app.get("/admin/report", analystsOnly, async (req, res) => {
    const now = Date.now();
    const day = String(req.query["day"] ?? dayOf(now));
    const paths = await views.on(day);
    res.json({
      day,
      views: Object.values(paths).reduce((sum, count) => sum + count, 0),
      paths,
      visitors: await visitors.on(day),
      activeNow: await visitors.activeAt(now),
      ...(await visits.on(day)),
    });
  });

  return app;
}

const analystsOnly: RequestHandler = (req, res, next) => {
  const { shopper } = req.session;
  if (shopper === undefined) res.status(401).json({ error: "not signed in" });
  else if (shopper.role !== "analyst") res.status(403).json({ error: "not allowed" });
  else next();
};

async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
