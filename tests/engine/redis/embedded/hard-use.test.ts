import { createClient } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type StartedEmbeddedRedis,
  startEmbeddedRedis,
} from "../../../../engine/redis/embedded/start-embedded-redis.ts";
import { RawConnection, until } from "./raw-connection.ts";

const MEBIBYTE = 1024 * 1024;
let redis: StartedEmbeddedRedis;
beforeAll(async () => {
  redis = await startEmbeddedRedis();
});
afterAll(async () => {
  await redis.stop();
});

async function withClient<T>(
  work: (client: ReturnType<typeof createClient>) => Promise<T>,
): Promise<T> {
  const client = createClient({ url: redis.url });
  await client.connect();
  try {
    return await work(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}

test("200 connections at once each get their own answers", async () => {
  const connections = await Promise.all(
    Array.from({ length: 200 }, () => RawConnection.open(redis.port)),
  );
  await Promise.all(
    connections.map(async (connection, index) => {
      for (let round = 0; round < 20; round++) connection.command("INCR", `many:${index}`);
      await connection.expect(Array.from({ length: 20 }, (_, n) => `:${n + 1}\r\n`).join(""));
    }),
  );
  await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
});

test("a value of 8 MiB comes back whole", async () => {
  await withClient(async (client) => {
    const value = "0123456789abcdef".repeat(MEBIBYTE / 2);
    await client.set("big", value);
    expect((await client.get("big")) === value).toBe(true);
    expect(await client.strLen("big")).toBe(8 * MEBIBYTE);
    await client.del("big");
  });
});

test("a request of 1,000,000 arguments is carried out", async () => {
  await using connection = await RawConnection.open(redis.port);
  connection.send(`*1000001\r\n$3\r\nDEL\r\n${"$3\r\nabc\r\n".repeat(1_000_000)}`);
  await connection.expect(":0\r\n");
});

test("50,000 keys with a TTL are gone when their time has come", async () => {
  await withClient(async (client) => {
    await client.select(5);
    for (let batch = 0; batch < 50; batch++) {
      const multi = client.multi();
      for (let index = 0; index < 1000; index++) multi.setEx(`ttl:${batch}:${index}`, 600, "x");
      await multi.exec();
    }
    expect(await client.dbSize()).toBe(50_000);
    await redis.advanceClock(600_000);
    expect(await client.dbSize()).toBe(0);
  });
});

test("a declared bulk of 512 MiB that never comes takes no memory and hinders nobody", async () => {
  await using connection = await RawConnection.open(redis.port);
  connection.send("*2\r\n$4\r\nECHO\r\n$536870912\r\nabc");
  await withClient(async (client) => {
    expect(await client.ping()).toBe("PONG");
    const info = await client.info("memory");
    expect(Number(/used_memory:(\d+)/.exec(info)?.[1])).toBeLessThan(300 * MEBIBYTE);
  });
});

test("a subscriber that does not read is cut off at 32 MiB, as Redis does", async () => {
  await using subscriber = await RawConnection.open(redis.port);
  subscriber.command("SUBSCRIBE", "flood");
  await subscriber.expect("*3\r\n$9\r\nsubscribe\r\n$5\r\nflood\r\n:1\r\n");
  subscriber.socket.pause();
  await withClient(async (client) => {
    const message = "m".repeat(MEBIBYTE);
    await until(
      async () => (await client.publish("flood", message)) === 0,
      () => "the subscriber was never cut off",
    );
    expect(await client.ping()).toBe("PONG");
  });
});

test("connections that vanish in the middle of anything leave the server well", async () => {
  for (const sent of [
    "*3\r\n$3\r\nSET\r\n$1\r\n",
    "MULTI\r\nSET a b\r\n",
    "SUBSCRIBE x\r\n",
    "MONITOR\r\n",
  ]) {
    const connection = await RawConnection.open(redis.port);
    connection.send(sent);
    connection.socket.resetAndDestroy();
  }
  await withClient(async (client) => {
    expect(await client.ping()).toBe("PONG");
    await until(
      async () => !(await client.sendCommand(["CLIENT", "LIST"]))?.toString().includes("flags=O"),
      () => "a client that is gone is still listed",
    );
  });
});
