// A client whose commands do not wait for a connection.
import { connect } from "./connect.ts";
import { createShop, listen } from "./shop.ts";

// #region client
const client = await connect("strict", { disableOfflineQueue: true });
// #endregion
listen(createShop(client), "strict");
