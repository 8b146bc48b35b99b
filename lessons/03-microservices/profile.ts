// The profile service: it reads sessions and does nothing else to them.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { openProfiles } from "./profile-page.ts";
import { client, secret } from "./service.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client, disableTouch: true }),
  secret,
  resave: false,
  saveUninitialized: false,
});
// #endregion

openProfiles("profile", sessions);
