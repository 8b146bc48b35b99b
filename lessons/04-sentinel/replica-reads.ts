// The shop reads from replicas, to relieve the primary.
import { RedisStore } from "connect-redis";
import { createSentinel } from "redis";
import { name, sentinelRootNodes } from "./sentinels.ts";
import { answerErrors, createShop, listen } from "./shop.ts";

// #region client
const client = createSentinel({ name, sentinelRootNodes, replicaPoolSize: 1 });
// #endregion
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

const app = createShop({ store: new RedisStore({ client }) });
answerErrors(app);
listen(app, "replica reads", async () => await client.close());
