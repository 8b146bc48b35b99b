// The reviews: a second service that writes into the session, wired like the shop.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { client, listen, secret } from "./service.ts";

const app = express();

app.use(
  session({
    store: new RedisStore({ client, ttl: 30 * 60 }),
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax" },
  }),
);

// #region review
app.post("/review", (req, res) => {
  req.session.stars = (req.session.stars ?? 0) + 1;
  res.json({ stars: req.session.stars });
});
// #endregion

// #region review-counted
app.post("/review-counted", async (req, res) => {
  const { userId } = req.session;
  if (userId === undefined) {
    res.status(401).json({ error: "not logged in" });
    return;
  }
  const stars = await client.hIncrBy(`customer:${userId}`, "stars", 1);
  res.json({ stars });
});
// #endregion

listen(app, "reviews");
