// The profile service with a secret of its own.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { openProfiles } from "./profile-page.ts";
import { client } from "./service.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client, disableTouch: true }),
  secret: "known to the profile team only",
  resave: false,
  saveUninitialized: false,
});
// #endregion

openProfiles("own-secret", sessions);
