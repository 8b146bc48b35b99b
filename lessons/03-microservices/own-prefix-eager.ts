// As own-prefix.ts, but it also stores sessions in which nothing is.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { openProfiles } from "./profile-page.ts";
import { client, secret } from "./service.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client, prefix: "profiles:", disableTouch: true }),
  secret,
  resave: false,
  saveUninitialized: true,
});
// #endregion

openProfiles("own-prefix-eager", sessions);
