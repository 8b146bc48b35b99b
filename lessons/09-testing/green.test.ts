// The store of production on a mock: green, and no proof of anything.
import { RedisStore } from "connect-redis";
import RedisMock from "ioredis-mock";
import request from "supertest";
import { test } from "vitest";
import { createApp } from "./app.ts";

// #region green
test("on the mock, a reader is known after the login", async () => {
  const mock = new RedisMock();
  const ada = request.agent(createApp(new RedisStore({ client: mock })));
  await ada.post("/login").send({ name: "Ada" }).expect(200);
  await ada.get("/me").expect(200, { name: "Ada" });
  mock.disconnect();
});
// #endregion
