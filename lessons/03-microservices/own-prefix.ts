// The profile service that looks under names of its own.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { openProfiles } from "./profile-page.ts";
import { client, secret } from "./service.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client, prefix: "profiles:", disableTouch: true }),
  secret,
  resave: false,
  saveUninitialized: false,
});
// #endregion

openProfiles("own-prefix", sessions);
