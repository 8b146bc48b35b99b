// The shop, its cookie as safe as it can be without https.
import { buildShop, listen } from "./shop.ts";

// #region cookie
const app = buildShop({ cookie: { httpOnly: true, sameSite: "lax" }, refuseForeign: true });
// #endregion

listen(app, "app");
