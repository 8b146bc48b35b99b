// A voucher that is valid for ten minutes.
import { createClient } from "redis";

const client = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

// #region set
const reply = await client.set("voucher:ada", "10 percent", {
  expiration: { type: "EX", value: 600 },
});
console.log("set answers", reply);
// #endregion

await client.close();
