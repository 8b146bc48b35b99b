// Half an hour later, by a clock that the test moves. Vitest moves Date, and Date alone.
import { RedisStore } from "connect-redis";
import { MemoryStore } from "express-session";
import request from "supertest";
import { afterEach, expect, test, vi } from "vitest";
import { createApp } from "./app.ts";
import { openRedis } from "./open-redis.ts";

afterEach(() => vi.useRealTimers());

// #region later
function later(minutes: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
}
// #endregion

// #region memory
test("in memory, the login is over after 31 minutes", async () => {
  const app = createApp(new MemoryStore());
  const cookie = await loginOf(app);
  later(31);
  await request(app).get("/me").set("Cookie", cookie).expect(401);
});
// #endregion

// #region redis
test("in Redis, the login is over after 31 minutes", async () => {
  await using redis = await openRedis();
  const app = createApp(new RedisStore({ client: redis.client, prefix: redis.prefix }));
  const cookie = await loginOf(app);
  later(31);
  await request(app).get("/me").set("Cookie", cookie).expect(401);
});
// #endregion

// #region ttl
test("in Redis, the session is given 30 minutes", async () => {
  await using redis = await openRedis();
  const app = createApp(new RedisStore({ client: redis.client, prefix: redis.prefix }));
  const cookie = await loginOf(app);
  const [key = ""] = await redis.keys();
  expect(await redis.client.ttl(key)).toBeGreaterThan(1790);
  expect(await redis.client.ttl(key)).toBeLessThanOrEqual(1800);

  // What Redis does when the time is over, done now.
  await redis.client.expire(key, 0);
  await request(app).get("/me").set("Cookie", cookie).expect(401);
});
// #endregion

async function loginOf(app: ReturnType<typeof createApp>): Promise<string> {
  const answer = await request(app).post("/login").send({ name: "Ada" });
  return (answer.get("Set-Cookie") ?? [])[0]?.split(";")[0] ?? "";
}
