// The name of the cookie promises more than its attributes keep.
import { buildShop, listen } from "./shop.ts";

// #region cookie
const app = buildShop({
  cookieName: "__Host-sid",
  cookie: { httpOnly: true, sameSite: "lax", path: "/" },
});
// #endregion

listen(app, "half-host");
