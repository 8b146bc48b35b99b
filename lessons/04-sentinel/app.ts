// The shop asks the sentinels who is primary.
import { RedisStore } from "connect-redis";
import { createSentinel } from "redis";
import { name, sentinelRootNodes } from "./sentinels.ts";
import { answerErrors, createShop, listen } from "./shop.ts";

// #region client
const client = createSentinel({ name, sentinelRootNodes });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();
// #endregion

// #region store
const app = createShop({ store: new RedisStore({ client }) });
// #endregion

// #region ready
app.get("/ready", async (_req, res) => {
  const info = String(await client.sendCommand(false, ["INFO", "replication"]));
  const replicas = info.match(/^slave\d+:.*state=online/gm)?.length ?? 0;
  res.status(replicas > 0 ? 200 : 503).json({ replicas });
});
// #endregion

answerErrors(app);
listen(app, "sentinels", async () => await client.close());
