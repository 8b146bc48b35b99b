// The client as it comes.
import { connect } from "./connect.ts";
import { createShop, listen } from "./shop.ts";

// #region client
const client = await connect("patient");
// #endregion
listen(createShop(client), "patient");
