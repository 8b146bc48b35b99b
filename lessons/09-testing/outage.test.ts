// Redis goes away in the middle of a visit.
import { RedisStore } from "connect-redis";
import request from "supertest";
import { test } from "vitest";
import { createApp } from "./app.ts";
import { openRedis } from "./open-redis.ts";

// #region outage
test("without Redis a reader is told to come back, and not logged out", async () => {
  await using redis = await openRedis();
  const ada = request.agent(
    createApp(new RedisStore({ client: redis.client, prefix: redis.prefix })),
  );
  await ada.post("/login").send({ name: "Ada" }).expect(200);
  redis.client.destroy();
  await ada.get("/me").expect(503, { error: "try again in a minute" });
});
// #endregion
