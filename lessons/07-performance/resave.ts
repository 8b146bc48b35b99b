// Corner Books as in heavy.ts, but each session is written at the end of each request.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { findReader } from "./readers.ts";
import { client, createShop, listen, secret } from "./shop.ts";

// #region session
const app = createShop(
  session({
    store: new RedisStore({ client }),
    secret,
    resave: true,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
  }),
);
// #endregion

app.post("/login", express.json(), (req, res) => {
  const reader = findReader(req.body?.name);
  req.session.file = reader;
  res.json({ name: reader.name });
});

listen(app, "resave");
