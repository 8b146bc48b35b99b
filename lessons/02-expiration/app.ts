// Corner Books as in lesson 1: the cookie ends half an hour after it was set.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { client, openShop, secret } from "./shop.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client }),
  secret,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
});
// #endregion

openShop("app", sessions);
