// Twenty requests of one browser that really are under way at the same moment.
import { RedisStore } from "connect-redis";
import type { SessionData, Store } from "express-session";
import request from "supertest";
import { expect, test } from "vitest";
import { createApp } from "./app.ts";
import { openRedis } from "./open-redis.ts";

// #region barrier
/** From now on reads of the store are answered only when `count` of them have come. */
function readTogether(store: Store, count: number): void {
  const read = store.get.bind(store);
  const waiting: (() => void)[] = [];
  store.get = (id: string, done: (error: unknown, data?: SessionData | null) => void) => {
    read(id, (...result) => {
      waiting.push(() => done(...result));
      if (waiting.length === count) for (const go of waiting.splice(0)) go();
    });
  };
}
// #endregion

// #region race
test("twenty books put in at the same moment are twenty books", async () => {
  await using redis = await openRedis();
  const store = new RedisStore({ client: redis.client, prefix: redis.prefix });
  const app = createApp(store);
  const first = await request(app).post("/login").send({ name: "Ada" });
  const cookie = (first.get("Set-Cookie") ?? [])[0]?.split(";")[0] ?? "";
  const send = async (title: string) =>
    await request(app).post("/basket").set("Cookie", cookie).send({ title });

  const read = store.get.bind(store);
  readTogether(store, 20);
  await Promise.all(Array.from({ length: 20 }, async (_, n) => await send(`book ${n}`)));
  store.get = read;

  const basket = await request(app).get("/basket").set("Cookie", cookie);
  expect(basket.body.books).toBe(20);
});
// #endregion
