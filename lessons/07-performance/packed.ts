// Corner Books as in heavy.ts, with sessions that are compressed on their way to Redis.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { packing } from "./packing.ts";
import { findReader } from "./readers.ts";
import { client, createShop, listen, secret } from "./shop.ts";

const app = createShop(
  session({
    // #region store
    store: new RedisStore({ client, serializer: packing }),
    // #endregion
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
  }),
);

app.post("/login", express.json(), (req, res) => {
  const reader = findReader(req.body?.name);
  req.session.file = reader;
  res.json({ name: reader.name });
});

// #region name
app.put("/name", express.json(), (req, res) => {
  req.session.name = String(req.body?.name);
  res.json({ name: req.session.name });
});
// #endregion

listen(app, "packed");
