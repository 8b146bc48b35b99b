// Corner Books, where the session holds everything that is known of the reader.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { findReader } from "./readers.ts";
import { client, createShop, listen, secret } from "./shop.ts";

const app = createShop(
  session({
    store: new RedisStore({ client }),
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
  }),
);

// #region login
app.post("/login", express.json(), (req, res) => {
  const reader = findReader(req.body?.name);
  req.session.file = reader;
  res.json({ name: reader.name });
});
// #endregion

listen(app, "heavy");
