import path from "node:path";
import { describe, expect, test } from "vitest";
import { findRedisServers } from "../../engine/redis/find-redis-server.ts";
import { playThrough } from "./play-through.ts";

const folder = path.resolve(import.meta.dirname, "../../lessons/01-basic-store");
const hasServer = findRedisServers(process.env).length > 0;

describe.concurrent("lesson 1", () => {
  test("plays clean on the embedded Redis", { timeout: 120_000 }, async () => {
    const { failures, events } = await playThrough(folder, { redis: "embedded" });

    expect(failures).toEqual([]);
    expect(events.filter(({ kind }) => kind === "expectation").length).toBeGreaterThan(60);
    expect(events.filter(({ kind }) => kind === "truth")).toHaveLength(3);
  });

  test.skipIf(!hasServer)("plays clean on a redis-server", { timeout: 120_000 }, async () => {
    const { failures } = await playThrough(folder, { redis: "server" });

    expect(failures).toEqual([]);
  });
});
