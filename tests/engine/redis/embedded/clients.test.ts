import { execFile } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { Redis as IoRedis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type StartedEmbeddedRedis,
  startEmbeddedRedis,
} from "../../../../engine/redis/embedded/start-embedded-redis.ts";

const run = promisify(execFile);
let redis: StartedEmbeddedRedis;
beforeAll(async () => {
  redis = await startEmbeddedRedis();
});
afterAll(async () => {
  await redis.stop();
});

test.each([2, 3] as const)("the redis 6 client works over RESP%i", async (RESP) => {
  const client = createClient({ url: redis.url, RESP });
  await client.connect();
  const prefix = `resp${RESP}:`;
  expect(await client.set(`${prefix}a`, "1", { expiration: { type: "EX", value: 60 } })).toBe("OK");
  expect(await client.incr(`${prefix}a`)).toBe(2);
  expect(await client.ttl(`${prefix}a`)).toBe(60);
  expect(await client.get(`${prefix}none`)).toBeNull();
  expect(
    await client.multi().incr(`${prefix}a`).expire(`${prefix}a`, 10).get(`${prefix}a`).exec(),
  ).toEqual([3, 1, "3"]);
  const script = "return {KEYS[1], ARGV[1], redis.call('get', KEYS[1])}";
  expect(await client.eval(script, { keys: [`${prefix}a`], arguments: ["x"] })).toEqual([
    `${prefix}a`,
    "x",
    "3",
  ]);
  const found: string[] = [];
  for await (const keys of client.scanIterator({ MATCH: `${prefix}*` })) found.push(...keys);
  expect(found).toEqual([`${prefix}a`]);
  await expect(client.sendCommand(["NOSUCH"])).rejects.toThrow("ERR unknown command 'NOSUCH'");
  await client.close();
});

test("the cache of the redis 6 client is told of changes", { timeout: 10_000 }, async () => {
  const clientSideCache = { ttl: 0, maxEntries: 0, evictPolicy: "LRU" } as const;
  const reader = createClient({ url: redis.url, RESP: 3, clientSideCache });
  const writer = createClient({ url: redis.url });
  await Promise.all([reader.connect(), writer.connect()]);
  await writer.set("cached", "1");
  expect(await reader.get("cached")).toBe("1");
  await writer.set("cached", "2");
  await vi.waitFor(async () => expect(await reader.get("cached")).toBe("2"), { timeout: 5000 });
  await writer.flushAll();
  await vi.waitFor(async () => expect(await reader.get("cached")).toBeNull(), { timeout: 5000 });
  await Promise.all([reader.close(), writer.close()]);
});

test("what the redis 6 client dumps it can restore", async () => {
  const client = createClient({ url: redis.url }).withTypeMapping({
    [RESP_TYPES.BLOB_STRING]: Buffer,
  });
  await client.connect();
  await client.hSet("source", { visits: "1", user: "ada" });
  const dump = await client.dump("source");
  if (!dump) throw new Error("there is nothing to dump");
  expect(await client.restore("destination", 0, dump)).toBe("OK");
  expect(await client.hGet("destination", "user")).toEqual(Buffer.from("ada"));
  await client.close();
});

test.each([2, 3] as const)(
  "published messages reach the redis 6 client over RESP%i",
  async (RESP) => {
    const publisher = createClient({ url: redis.url, RESP });
    await publisher.connect();
    const subscriber = publisher.duplicate();
    await subscriber.connect();
    const arrived = new Promise<string[]>((resolve) => {
      void subscriber.pSubscribe(`news${RESP}.*`, (message, channel) =>
        resolve([channel, message]),
      );
    });
    while ((await publisher.publish(`news${RESP}.sport`, "1:0")) === 0);
    expect(await arrived).toEqual([`news${RESP}.sport`, "1:0"]);
    await subscriber.close();
    await publisher.close();
  },
);

test("WATCH lets a transaction fail when the key was changed meanwhile", async () => {
  const client = createClient({ url: redis.url });
  const other = client.duplicate();
  await client.connect();
  await other.connect();
  await client.watch("watched");
  await other.set("watched", "theirs");
  await expect(client.multi().set("watched", "mine").exec()).rejects.toThrow("watched keys");
  expect(await other.get("watched")).toBe("theirs");
  await client.close();
  await other.close();
});

test("ioredis 5 works, with its scripts and pipelines", async () => {
  const client = new IoRedis(redis.port);
  client.defineCommand("addUp", {
    numberOfKeys: 1,
    lua: "return redis.call('incrby', KEYS[1], ARGV[1])",
  });
  expect(await client.call("EVAL", "return 1", "0")).toBe(1);
  expect(await Reflect.apply(Reflect.get(client, "addUp"), client, ["sum", 5])).toBe(5);
  expect(await Reflect.apply(Reflect.get(client, "addUp"), client, ["sum", 5])).toBe(10);
  const results = await client.pipeline().set("p", "1").incr("p").get("p").exec();
  expect(results).toEqual([
    [null, "OK"],
    [null, 2],
    [null, "2"],
  ]);
  expect(await client.info("server")).toContain("redis_version:7.0.15");
  await client.quit();
});

test("connect-redis 9 keeps sessions of express-session over HTTP", async () => {
  const client = createClient({ url: redis.url });
  await client.connect();
  const app = express();
  const store = new RedisStore({ client, prefix: "shop:" });
  app.use(session({ store, secret: "s", resave: false, saveUninitialized: false }));
  app.get("/", (request, response) => {
    const data: { visits?: number } = request.session as { visits?: number };
    data.visits = (data.visits ?? 0) + 1;
    response.send(String(data.visits));
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const first = await fetch(url);
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect(await first.text()).toBe("1");
  expect(await (await fetch(url, { headers: { cookie } })).text()).toBe("2");
  const ids = await store.ids?.();
  expect(ids).toHaveLength(1);
  expect(await client.ttl(`shop:${ids?.[0]}`)).toBe(86_400);
  await redis.advanceClock(86_400_000);
  expect(await (await fetch(url, { headers: { cookie } })).text()).toBe("1");
  server.closeAllConnections();
  server.close();
  await client.close();
});

async function cli(...args: string[]): Promise<string> {
  const { stdout } = await run("redis-cli", ["-p", String(redis.port), ...args]);
  return stdout.trim();
}

const hasCli = await run("redis-cli", ["--version"]).then(
  () => true,
  () => false,
);
test.runIf(hasCli)("redis-cli works", async () => {
  expect(await cli("SET", "cli", "ünïcode")).toBe("OK");
  expect(await cli("GET", "cli")).toBe("ünïcode");
  expect(await cli("-3", "CONFIG", "GET", "databases")).toContain("16");
  expect(await cli("--scan", "--pattern", "cl*")).toBe("cli");
  expect(await cli("NOSUCH")).toBe("ERR unknown command 'NOSUCH', with args beginning with:");
});
