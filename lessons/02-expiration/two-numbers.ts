// Two numbers that do not agree: half an hour for the cookie, two hours for the store.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { client, openShop, secret } from "./shop.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client, ttl: 2 * 60 * 60 }),
  secret,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
});
// #endregion

openShop("two-numbers", sessions);
