// The shop itself: who wants to log in does it here.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { findCustomer } from "./customers.ts";
import { client, listen, secret } from "./service.ts";

const app = express();

// #region session
app.use(
  session({
    store: new RedisStore({ client, ttl: 30 * 60 }),
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax" },
  }),
);
// #endregion

app.use(express.json());

// #region login
app.post("/login", async (req, res) => {
  const customer = findCustomer(req.body?.name);
  if (customer === undefined) {
    res.status(401).json({ error: "we do not know you" });
    return;
  }
  req.session.userId = customer.id;
  req.session.role = customer.role;

  const { name, email, genres } = customer;
  const weekInSeconds = 7 * 24 * 60 * 60;
  await client.setEx(
    `profile:${customer.id}`,
    weekInSeconds,
    JSON.stringify({ name, email, genres }),
  );
  res.json({ name });
});
// #endregion

// #region me
app.get("/me", (req, res) => {
  const { userId, role, language = "en" } = req.session;
  if (userId === undefined) res.status(401).json({ error: "not logged in" });
  else res.json({ userId, role, language });
});

app.put("/language", (req, res) => {
  req.session.language = String(req.body?.language);
  res.json({ language: req.session.language });
});
// #endregion

// #region logout
app.post("/logout", (req, res, next) => {
  req.session.destroy((error) => {
    if (error) return next(error);
    res.clearCookie("connect.sid").sendStatus(204);
  });
});
// #endregion

// #region buy
app.post("/buy", (req, res) => {
  req.session.stars = (req.session.stars ?? 0) + 1;
  res.json({ stars: req.session.stars });
});
// #endregion

// #region stars
app.get("/stars", (req, res) => {
  res.json({ stars: req.session.stars ?? 0 });
});
// #endregion

// #region buy-counted
app.post("/buy-counted", async (req, res) => {
  const { userId } = req.session;
  if (userId === undefined) {
    res.status(401).json({ error: "not logged in" });
    return;
  }
  const stars = await client.hIncrBy(`customer:${userId}`, "stars", 1);
  res.json({ stars });
});
// #endregion

listen(app, "main");
