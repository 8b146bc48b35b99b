// Corner Books, with its sessions in Redis.
import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { createApp } from "./app.ts";

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";

const client = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

// #region wire
const app = createApp(new RedisStore({ client }));
// #endregion
const server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Corner Books listens on ${host}, port ${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => void client.close());
  });
}
