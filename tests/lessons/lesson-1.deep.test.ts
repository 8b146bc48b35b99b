import path from "node:path";
import { expect, test } from "vitest";
import { hasRedisServer } from "../engine/redis/has-redis-server.ts";
import { playThrough } from "./play-through.ts";

const folder = path.resolve(import.meta.dirname, "../../lessons/01-basic-store");

test.runIf(hasRedisServer)("plays clean on a redis-server", { timeout: 120_000 }, async () => {
  const { failures } = await playThrough(folder, { redis: "server" });

  expect(failures).toEqual([]);
});
