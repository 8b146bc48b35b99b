// The same with one line more: each answer sets the cookie again.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { client, openShop, secret } from "./shop.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client }),
  secret,
  resave: false,
  saveUninitialized: false,
  rolling: true,
  cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
});
// #endregion

openShop("rolling", sessions);
