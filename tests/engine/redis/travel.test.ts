import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type StartedGate, startGate } from "../../../engine/redis/gate.ts";
import {
  provideRedis,
  type RedisValue,
  type StartedRedis,
} from "../../../engine/redis/provide-redis.ts";
import { openRedis } from "../../../engine/redis/open-redis.ts";
import { parseRedisUrl } from "../../../engine/redis/parse-redis-url.ts";
import type { RedisConnection } from "../../../engine/redis/resp/redis-connection.ts";
import { hasRedisServer } from "./has-redis-server.ts";

const kinds = hasRedisServer ? (["server", "embedded"] as const) : (["embedded"] as const);
const hour = 3_600_000;

describe.each(kinds)("after travelling, on a Redis of kind %s,", (kind) => {
  let redis: StartedRedis;
  let gate: StartedGate;
  let client: RedisConnection;
  let ask: (command: string, ...more: string[]) => Promise<RedisValue>;

  /** The moment by travelled time, as a program has it. */
  const now = () => Date.now() + redis.offsetMs;
  const known = async (...commands: string[]) => {
    const all = await redis.command("COMMAND", "INFO", ...commands);
    return Array.isArray(all) && !all.includes(null);
  };

  beforeEach(async () => {
    redis = await provideRedis({
      purpose: "grading",
      environment: { ...process.env, WORKBOOK_REDIS: kind },
    });
    gate = await startGate({ redis, refuse: true });
    client = await openRedis(parseRedisUrl(gate.url));
    ask = async (command, ...more) => await client.command(...command.split(" "), ...more);
  });
  afterEach(async () => {
    client.close();
    await gate[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  it("keys have less time left, in every database, and those whose time has come are gone", async () => {
    await ask("SET short 1 EX 60");
    await ask("SET exact 1 PX 3600000");
    await ask("SET long 1 EX 7200");
    await ask("SET ever 1");
    await ask("SELECT 3");
    await ask("SET other 1 EX 5400");
    await ask("SET otherShort 1 EX 5");
    const commands = gate.log.length;
    await redis.travel(hour);
    expect(gate.log.length).toBe(commands);
    expect(await ask("TTL other")).toBe(1800);
    expect(await ask("DBSIZE")).toBe(1);
    await ask("SELECT 0");
    expect([await ask("TTL long"), await ask("TTL ever"), await ask("TTL short")]).toEqual([
      3600, -1, -2,
    ]);
    expect(await ask("EXISTS short exact long ever")).toBe(2);
    expect((await ask("SCAN 0")) as [string, string[]]).toEqual([
      "0",
      expect.toSatisfy((keys: string[]) => keys.toSorted().join() === "ever,long"),
    ]);
    await redis.travel(hour);
    expect(await ask("KEYS *")).toEqual(["ever"]);
    expect(redis.offsetMs).toBe(2 * hour);
  });

  it("moments that a program names mean travelled time", async () => {
    await redis.travel(hour);
    const inTenMinutes = now() + 600_000;
    const seconds = String(Math.round(inTenMinutes / 1000));
    for (const key of ["a", "b", "c", "d", "e", "f"]) await ask(`SET ${key} 1`);
    await ask(`EXPIREAT a ${seconds}`);
    await ask(`PEXPIREAT b ${inTenMinutes} NX`);
    await ask(`SET c 2 EXAT ${seconds} GET`);
    await ask(`set d 2 pxat ${inTenMinutes}`);
    await ask(`GETEX e PXAT ${inTenMinutes}`);
    await ask(`GETEX f EXAT ${seconds}`);
    for (const key of ["a", "b", "c", "d", "e", "f"]) {
      expect(Math.abs(Number(await ask(`PTTL ${key}`)) - 600_000), key).toBeLessThan(5000);
      expect(Math.abs(Number(await ask(`PEXPIRETIME ${key}`)) - inTenMinutes), key).toBeLessThan(
        1001,
      );
      expect(Math.abs(Number(await ask(`EXPIRETIME ${key}`)) - Number(seconds)), key).toBeLessThan(
        2,
      );
    }
    await ask(`EXPIREAT a ${Math.round((now() - 60_000) / 1000)}`);
    expect(await ask("EXISTS a")).toBe(0);
    await ask("EXPIREAT b 1");
    expect(await ask("EXISTS b")).toBe(0);
    await expect(ask("SET c 1 EXAT 0")).rejects.toThrow("ERR invalid expire time in 'set' command");
    await expect(ask("EXPIREAT c soon")).rejects.toThrow("ERR value is not an integer");
    expect(await ask("EXPIRETIME ever")).toBe(-2);
    expect(gate.log.find((each) => each.name === "EXPIREAT")?.args).toEqual([
      "EXPIREAT",
      "a",
      seconds,
    ]);
  });

  it("TIME tells it, also inside a transaction", async () => {
    await ask("SET a 1 EX 7200");
    await redis.travel(hour);
    const [seconds, micros] = (await ask("TIME")) as [string, string];
    expect(Math.abs(Number(seconds) * 1000 + Number(micros) / 1000 - now())).toBeLessThan(5000);
    await ask("MULTI");
    await ask("TIME");
    await ask("EXPIRETIME a");
    await ask("GET a");
    const [time, end, value] = (await ask("EXEC")) as [[string, string], number, string];
    expect(Math.abs(Number(time[0]) * 1000 - now())).toBeLessThan(5000);
    expect(Math.abs(end * 1000 - now() - hour)).toBeLessThan(5000);
    expect(value).toBe("1");
    expect(gate.log.findLast((each) => each.name === "EXPIRETIME")?.reply).toBe(end);
  });

  it("scripts live in it: EVAL, EVALSHA of a script loaded before, and one with a shebang", async () => {
    const script = `
      local t = redis.call('TIME')
      redis.call('SET', KEYS[1], t[1], 'PXAT', (t[1] + 60) * 1000)
      redis.call('SET', KEYS[2], 'x') redis.pcall('EXPIREAT', KEYS[2], t[1] + 120)
      return {t[1], redis.call('PEXPIRETIME', KEYS[1]), redis.call('EXPIRETIME', KEYS[2]), redis.call('TTL', KEYS[2])}`;
    const sha = String(await client.command("SCRIPT", "LOAD", script));
    await redis.travel(hour);
    expect(await client.command("SCRIPT", "LOAD", script)).toBe(sha);
    const runs = [
      async () => await client.command("EVAL", script, "2", "a", "b"),
      async () => await client.command("EVALSHA", sha.toUpperCase(), "2", "a", "b"),
      async () =>
        await client.command("EVAL", `#!lua flags=no-writes\nreturn {redis.call('TIME')[1]}`, "0"),
    ];
    for (const run of runs) {
      const [time, ends, other, left] = (await run()) as [string, number?, number?, number?];
      expect(Math.abs(Number(time) * 1000 - now())).toBeLessThan(5000);
      if (ends === undefined) continue;
      expect([ends, other]).toEqual([(Number(time) + 60) * 1000, Number(time) + 120]);
      // TTL rounds: the script ran somewhere within its second.
      expect([119, 120]).toContain(left);
      expect(Number(await ask("PTTL a"))).toBeLessThanOrEqual(60_000);
    }
    await expect(ask(`EVALSHA ${"f".repeat(40)} 0`)).rejects.toThrow(/^NOSCRIPT/);
  });

  it("errors of scripts read as they did before", async () => {
    const scripts = [
      "return redis.call('INCR', KEYS[1])",
      "return redis.pcall('INCR', KEYS[1])",
      "local x = nil\nreturn x.field",
      "return redis.call('NOSUCH')",
      "return nosuch",
      "return redis.error_reply('MINE own')",
      "return redis.call()",
      "this is no lua",
    ];
    const run = async () => {
      await ask("SET text x");
      const errors: string[] = [];
      for (const script of scripts) {
        await client
          .command("EVAL", script, "1", "text")
          .catch((error: Error) => errors.push(error.message));
      }
      return errors;
    };
    const before = await run();
    expect(before).toHaveLength(scripts.length);
    await redis.travel(hour);
    expect(await run()).toEqual(before);
  });

  it("streams count by it, and never backwards", async ({ skip }) => {
    skip(!(await known("xadd", "xinfo")), "this Redis has no streams yet");
    await ask("XADD s * f before");
    await redis.travel(hour);
    const ids = [
      await ask("XADD s * f v"),
      await ask("xadd s NOMKSTREAM MAXLEN ~ 100 * f v g w"),
      await ask("EVAL return(redis.call('XADD',KEYS[1],'MAXLEN','100','*','f','v')) 1 s"),
    ].map(String);
    for (const id of ids) expect(Math.abs(Number(id.split("-")[0]) - now())).toBeLessThan(5000);
    expect(new Set(ids).size).toBe(3);
    const ahead = now() + 10 * hour;
    await ask(`XADD s ${ahead}-5 f v`);
    expect(await ask("XADD s * f v")).toBe(`${ahead}-6`);
    await ask("SET text x");
    await expect(ask("XADD text * f v")).rejects.toThrow(/^WRONGTYPE/);
    expect(await ask("XADD none NOMKSTREAM * f v")).toBe(null);
  });
});
