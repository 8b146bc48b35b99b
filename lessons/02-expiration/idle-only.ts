// The back office: a session ends after 8 hours without a request.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { client, openShop, secret } from "./shop.ts";

// #region session
const idleSeconds = 8 * 60 * 60;

const sessions = session({
  store: new RedisStore({ client, ttl: idleSeconds }),
  secret,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "strict" },
});
// #endregion

openShop("idle-only", sessions);
