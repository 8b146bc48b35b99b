// The shop, its cookie without any protection.
import { buildShop, listen } from "./shop.ts";

// #region cookie
const app = buildShop({ cookie: { httpOnly: false } });
// #endregion

listen(app, "bare");
