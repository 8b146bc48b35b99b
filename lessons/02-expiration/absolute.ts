// The back office: 8 hours without a request, and never more than 12 after the login.
import { RedisStore } from "connect-redis";
import session, { type SessionData } from "express-session";
import { client, openShop, secret } from "./shop.ts";

// #region ttl
const idleSeconds = 8 * 60 * 60;
const absoluteSeconds = 12 * 60 * 60;

function secondsLeft({ loggedInAt }: SessionData): number {
  if (loggedInAt === undefined) return idleSeconds;
  const age = Math.floor((Date.now() - loggedInAt) / 1000);
  return Math.min(idleSeconds, absoluteSeconds - age);
}
// #endregion

// #region session
const sessions = session({
  store: new RedisStore({ client, ttl: secondsLeft }),
  secret,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "strict" },
});
// #endregion

openShop("absolute", sessions);
