// connect-redis 9 on ioredis-mock, and on a real Redis: the same three lines.
import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import RedisMock from "ioredis-mock";

const session = { cookie: { originalMaxAge: 1_800_000, path: "/" }, signedInAs: "Ada" };

// #region mock
const mock = new RedisMock();
const onMock = new RedisStore({ client: mock, ttl: 1800 });
await onMock.set("ada", session as never);
console.log("on the mock: TTL", await mock.ttl("sess:ada"));
// #endregion

const client = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();
const onRedis = new RedisStore({ client, ttl: 1800 });
await onRedis.set("ada", session as never);
console.log("on a Redis:  TTL", await client.ttl("sess:ada"));
await client.del("sess:ada");
await client.close();
mock.disconnect();
