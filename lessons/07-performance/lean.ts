// Corner Books, where the session says who it is, and the rest lies under a key of its own.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { findReader, type Visit } from "./readers.ts";
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
app.post("/login", express.json(), async (req, res) => {
  const { id, name, history } = findReader(req.body?.name);
  req.session.readerId = id;
  req.session.name = name;

  const dayInSeconds = 24 * 60 * 60;
  await client.setEx(`reader:${id}:history`, dayInSeconds, JSON.stringify(history));
  res.json({ name });
});
// #endregion

// #region history
app.get("/history", async (req, res) => {
  const text = await client.get(`reader:${req.session.readerId}:history`);
  const history = JSON.parse(text ?? "[]") as Visit[];
  res.json({ books: history.length, last: history.at(-1)?.book });
});
// #endregion

listen(app, "lean");
