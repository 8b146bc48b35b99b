import { createClient } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type StartedEmbeddedRedis,
  startEmbeddedRedis,
} from "../../../../engine/redis/embedded/start-embedded-redis.ts";
import { RawConnection, until } from "./raw-connection.ts";

let redis: StartedEmbeddedRedis;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  redis = await startEmbeddedRedis();
  client = createClient({ url: redis.url }) as typeof client;
  await client.connect();
  await client.configSet("busy-reply-threshold", "100");
});
afterAll(async () => {
  client.destroy();
  await redis.stop();
});

test("a script that loops makes others BUSY until SCRIPT KILL", async () => {
  await using looping = await RawConnection.open(redis.port);
  looping.command("EVAL", "while true do end", "0");
  await until(
    async () => (await client.ping().catch((error: Error) => error.message)).startsWith("BUSY "),
    () => "nobody was told BUSY",
  );
  await expect(client.get("a")).rejects.toThrow(
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
  );
  expect(await client.sendCommand(["SCRIPT", "KILL"])).toBe("OK");
  await looping.expect(
    "-ERR Script killed by user with SCRIPT KILL. script: 694a5fe1ddb97a4c6a1bf299d9537c7d3d0f84e7, on @user_script:1.\r\n",
  );
  expect(await client.ping()).toBe("PONG");
});

test("a script that loops inside pcall is ended after twice the threshold", async () => {
  const script = "local function f() while true do end end return pcall(f)";
  await expect(client.eval(script)).rejects.toThrow("ERR Script stopped");
  expect(await client.ping()).toBe("PONG");
});

test("endless recursion is an error of the script", async () => {
  await expect(client.eval("local function f() return f() + 1 end return f()")).rejects.toThrow(
    "stack overflow",
  );
  expect(await client.eval("return 'well'")).toBe("well");
});

test("time in a script follows the moved clock", async () => {
  const before = Number(await client.eval("return redis.call('time')[1]"));
  await redis.advanceClock(3_600_000);
  const after = Number(await client.eval("return redis.call('time')[1]"));
  expect(after - before).toBeGreaterThanOrEqual(3600);
  expect(after - before).toBeLessThan(3660);
});

test("SCRIPT FLUSH forgets, EVALSHA then says NOSCRIPT", async () => {
  const sha = await client.scriptLoad("return 7");
  expect(await client.evalSha(sha)).toBe(7);
  await client.scriptFlush();
  await expect(client.evalSha(sha)).rejects.toThrow(
    "NOSCRIPT No matching script. Please use EVAL.",
  );
});

test("known scripts stay known when a greedy script made Lua load anew", async () => {
  const sha = await client.scriptLoad("return 'known'");
  for (let round = 0; round < 2; round++) {
    const greedy = "return #string.rep(string.rep('x', 1024 * 1024), 70)";
    expect(await client.eval(greedy)).toBe(70 * 1024 * 1024);
    expect(await client.evalSha(sha)).toBe("known");
  }
});
