// The shop as it goes online: one proxy before it, and a cookie that no other host can set.
import { buildShop, listen } from "./shop.ts";

// #region cookie
const app = buildShop({
  cookieName: "__Host-sid",
  cookie: { httpOnly: true, sameSite: "lax", secure: true, path: "/" },
  proxies: 1,
  refuseForeign: true,
});
// #endregion

listen(app, "production");
