// The shop says that a login has worked only when a replica has it, too.
import { RedisStore } from "connect-redis";
import { createSentinel } from "redis";
import { name, sentinelRootNodes } from "./sentinels.ts";
import { answerErrors, createShop, listen } from "./shop.ts";

const client = createSentinel({ name, sentinelRootNodes });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

// #region wait
const store = new RedisStore({ client });

async function afterLogin(key: string): Promise<void> {
  const copies = await client.use(async (primary) => {
    // WAIT speaks of what its own connection has written: so this one writes once more.
    await primary.sendCommand(false, ["EXPIRE", key, "1800"]);
    return Number(await primary.sendCommand(false, ["WAIT", "1", "300"]));
  });
  if (copies < 1) throw new Error("your login is not safe yet, please try again");
}
// #endregion

const app = createShop({ store, afterLogin });
answerErrors(app);
listen(app, "careful", async () => await client.close());
