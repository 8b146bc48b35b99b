// The shop behind a proxy that speaks https; nobody has told it so.
import { buildShop, listen } from "./shop.ts";

// #region cookie
const app = buildShop({ cookie: { httpOnly: true, sameSite: "lax", secure: true } });
// #endregion

listen(app, "untold");
