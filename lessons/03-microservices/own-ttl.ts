// The profile service that touches, with a time to live of its own.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { openProfiles } from "./profile-page.ts";
import { client, secret } from "./service.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client }),
  secret,
  resave: false,
  saveUninitialized: false,
});
// #endregion

openProfiles("own-ttl", sessions);
