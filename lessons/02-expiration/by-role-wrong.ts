// As by-role.ts, but for a role that is not in the table the function answers NaN.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { client, openShop, secret } from "./shop.ts";

// #region ttl
const idleMinutes = new Map([
  ["customer", 30],
  ["staff", 8 * 60],
]);

const sessions = session({
  store: new RedisStore({
    client,
    ttl: ({ role }) => Number(idleMinutes.get(role)) * 60,
  }),
  secret,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax" },
});
// #endregion

openShop("by-role-wrong", sessions);
