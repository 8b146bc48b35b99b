// A client whose commands wait for half a second.
import { connect } from "./connect.ts";
import { createShop, listen } from "./shop.ts";

// #region client
const client = await connect("hasty", { commandOptions: { timeout: 500 } });
// #endregion
listen(createShop(client), "hasty");
