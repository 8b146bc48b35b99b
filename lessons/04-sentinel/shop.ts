// Corner Books: routes that are the same for every way to reach Redis.
import { promisify } from "node:util";
import express, { type Express } from "express";
import session, { type Store } from "express-session";

declare module "express-session" {
  interface SessionData {
    name: string;
    basket: string[];
    visits: number;
  }
}

/** What a version of the shop does differently. */
export interface ShopOptions {
  store: Store;
  /** Runs after a login was stored, before the answer. If it fails, the login is taken back. */
  afterLogin?: (key: string) => Promise<void>;
}

/** The shop, not yet listening. */
export function createShop({ store, afterLogin }: ShopOptions): Express {
  const app = express();
  app.use(express.json());
  app.use(
    session({
      store,
      secret: process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET",
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
    }),
  );

  // #region login
  app.post("/login", async (req, res) => {
    await promisify(req.session.regenerate).call(req.session);
    req.session.name = String(req.body?.name ?? "");
    req.session.basket = [];
    if (afterLogin !== undefined) {
      await promisify(req.session.save).call(req.session);
      try {
        await afterLogin(`sess:${req.sessionID}`);
      } catch (error) {
        await promisify(req.session.destroy).call(req.session);
        throw error;
      }
    }
    res.json({ hello: req.session.name });
  });
  // #endregion

  app.post("/basket", (req, res) => {
    const { basket } = req.session;
    if (basket === undefined) return void res.status(401).json({ error: "sign in first" });
    basket.push(String(req.body?.title ?? ""));
    res.json({ basket });
  });

  app.get("/", (req, res) => {
    const { name, basket } = req.session;
    if (name === undefined) return void res.send("Hello, stranger.");
    res.send(`Hello, ${name}. Your basket: ${basket?.join(", ") || "empty"}.`);
  });

  // For the load of one of the steps: a counter in a session.
  app.get("/visit", (req, res) => {
    req.session.visits = (req.session.visits ?? 0) + 1;
    res.json({ visits: req.session.visits });
  });

  return app;
}

/** Answers an error of Redis in its own words, so that the lesson can show it. */
export function answerErrors(app: Express): void {
  app.use(
    (error: Error, _req: express.Request, res: express.Response, next: express.NextFunction) => {
      if (res.headersSent) return void next(error);
      res.status(503).json({ error: error.message });
    },
  );
}

/** Listens at PORT, and ends on SIGTERM after `close`. */
export function listen(app: Express, name: string, close: () => Promise<void> | void): void {
  const port = Number(process.env.PORT ?? 3000);
  const host = process.env.HOST ?? "127.0.0.1";
  const server = app.listen(port, host, (error) => {
    if (error) throw error;
    console.log(`Corner Books (${name}) listens on ${host}, port ${port}`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => server.close(() => void close()));
  }
}
