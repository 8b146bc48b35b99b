// A client that connects once.
import { connect } from "./connect.ts";
import { createShop, listen } from "./shop.ts";

// #region client
const client = await connect("brittle", { socket: { reconnectStrategy: false } });
// #endregion
listen(createShop(client), "brittle");
