// Where the mock serves: plain GET, SET … EX and DEL, and time by Date.
import RedisMock from "ioredis-mock";
import request from "supertest";
import { afterEach, expect, test, vi } from "vitest";
import { createApp } from "./app.ts";
import { MockableStore } from "./mock-store.ts";

afterEach(() => vi.useRealTimers());

// #region serves
test("on the mock, a session has a TTL and ends when the test says so", async () => {
  const mock = new RedisMock();
  const ada = request.agent(createApp(new MockableStore(mock)));
  await ada.post("/login").send({ name: "Ada" });
  const [key = ""] = await mock.keys("sess:*");
  expect(await mock.ttl(key)).toBe(1800);

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * 60_000 });
  expect(await mock.get(key)).toBeNull();
  mock.disconnect();
});
// #endregion
