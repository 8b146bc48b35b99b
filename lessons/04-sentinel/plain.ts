// The shop as in lesson 1: it knows one address.
import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { answerErrors, createShop, listen } from "./shop.ts";

const url = process.env.REDIS_URL ?? "redis://127.0.0.1:6391";

// #region client
const client = createClient({ url, disableOfflineQueue: true });
// #endregion
client.on("error", () => {});
await client.connect();

const app = createShop({ store: new RedisStore({ client }) });
answerErrors(app);
listen(app, "one address", () => client.destroy());
