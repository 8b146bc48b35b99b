import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";
import { dayOf, readReport } from "./read-report.ts";
import { startWorker } from "./start-worker.ts";
import { createVisitorOf } from "./visitor-of.ts";

declare module "express-session" {
  interface SessionData {
    shopper: { email: string; role: string };
  }
}

const QUEUE_SECONDS = 30 * 86_400;

/** A page only notes that it was viewed, in a stream. A worker counts, on a connection of its own. */
export async function createApp(context: Context): Promise<Express> {
  const { redis, secret, findProduct, findAccount } = context;
  await startWorker(context);
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
  const visitorOf = createVisitorOf(secret);
  const note = (path: string, visitor: string) => {
    redis
      .multi()
      .xAdd("viewed", "*", { path, visitor, at: String(Date.now()) })
      .expire("viewed", QUEUE_SECONDS)
      .exec()
      .catch((error: unknown) => console.error("not noted:", error));
  };

  app.get("/", (req, res) => {
    note("/", visitorOf(req, res));
    res.json({ page: "Kestrel Outdoor" });
  });
  app.get("/products/:id", async (req, res) => {
    const product = await findProduct(req.params.id);
    if (product === null) {
      res.status(404).json({ error: "no such product" });
      return;
    }
    note(`/products/${product.id}`, visitorOf(req, res));
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
    res.json(await readReport(context, String(day)));
  });

  return app;
}

async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
