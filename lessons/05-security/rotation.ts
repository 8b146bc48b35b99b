// The shop with a list of secrets: the first signs, each of them verifies.
import { buildShop, listen } from "./shop.ts";

// #region secrets
const app = buildShop({
  cookie: { httpOnly: true, sameSite: "lax" },
  secrets: (process.env.SESSION_SECRETS ?? "").split(","),
});
// #endregion

listen(app, "rotation");
