// Corner Books as in lean.ts, where a session's time starts again once a minute, and not with each page.
import { RedisStore } from "connect-redis";
import express, { type RequestHandler } from "express";
import session from "express-session";
import { findReader } from "./readers.ts";
import { client, createShop, listen, secret } from "./shop.ts";

const sessions = session({
  // #region store
  store: new RedisStore({ client, ttl: 30 * 60, disableTouch: true }),
  // #endregion
  secret,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax" },
});

// #region seen
const noteSeen: RequestHandler = (req, _res, next) => {
  const { readerId, seenAt = 0 } = req.session;
  const isStale = Date.now() - seenAt > 60_000;
  if (readerId !== undefined && isStale) req.session.seenAt = Date.now();
  next();
};
// #endregion

const app = createShop(sessions, noteSeen);

app.post("/login", express.json(), (req, res) => {
  const { id, name } = findReader(req.body?.name);
  req.session.readerId = id;
  req.session.seenAt = Date.now();
  res.json({ name });
});

listen(app, "once-a-minute");
