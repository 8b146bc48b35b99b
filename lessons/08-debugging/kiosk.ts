// The shop for the computers of the reading room.
import { connect } from "./connect.ts";
import { createShop, listen } from "./shop.ts";

const client = await connect("kiosk");

// #region ttl
const halfAnHour = 30 * 60 * 1000;
const app = createShop(client, halfAnHour);
// #endregion

listen(app, "kiosk");
