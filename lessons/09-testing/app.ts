// Corner Books' login and basket as a function of their store: a test can hand in any store.
import express, { type ErrorRequestHandler, type Express } from "express";
import session, { type Store } from "express-session";

declare module "express-session" {
  interface SessionData {
    signedInAs: string;
    basket: string[];
  }
}

// #region create
export function createApp(store?: Store): Express {
  const app = express();
  app.use(express.json());
  app.use(
    session({
      // Without a store of our own it is the MemoryStore.
      ...(store === undefined ? {} : { store }),
      secret: process.env.SESSION_SECRET ?? "for tests only",
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
    }),
  );
  // #endregion

  // #region login
  app.post("/login", (req, res, next) => {
    const { name } = req.body ?? {};
    if (typeof name !== "string" || name === "") {
      res.status(400).json({ error: "name must be a text" });
      return;
    }
    req.session.regenerate((error) => {
      if (error) return next(error);
      req.session.signedInAs = name;
      res.json({ name });
    });
  });
  // #endregion

  app.get("/me", (req, res) => {
    if (req.session.signedInAs === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    res.json({ name: req.session.signedInAs });
  });

  // #region logout
  app.post("/logout", (req, res, next) => {
    req.session.destroy((error) => {
      if (error) return next(error);
      res.clearCookie("connect.sid", { path: "/" }).status(204).end();
    });
  });
  // #endregion

  app.post("/basket", (req, res) => {
    const { title } = req.body ?? {};
    req.session.basket = [...(req.session.basket ?? []), String(title)];
    res.json({ books: req.session.basket.length });
  });

  app.get("/basket", (req, res) => {
    res.json({ books: req.session.basket?.length ?? 0 });
  });

  app.use(answerUnavailable);
  return app;
}

// #region unavailable
const answerUnavailable: ErrorRequestHandler = (_error, _req, res, next) => {
  if (res.headersSent) return next(_error);
  res.status(503).json({ error: "try again in a minute" });
};
// #endregion
