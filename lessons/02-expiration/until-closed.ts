// The browser keeps the cookie until it is closed; the server alone counts the minutes.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { client, openShop, secret } from "./shop.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client, ttl: 30 * 60 }),
  secret,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax" },
});
// #endregion

openShop("until-closed", sessions);
