// The profile service, without a thought about options.
import { RedisStore } from "connect-redis";
import session from "express-session";
import { openProfiles } from "./profile-page.ts";
import { client, secret } from "./service.ts";

// #region session
const sessions = session({
  store: new RedisStore({ client }),
  secret,
});
// #endregion

openProfiles("defaults", sessions);
