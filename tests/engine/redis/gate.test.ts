import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deferred } from "../../../engine/process/deferred.ts";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { type StartedGate, startGate } from "../../../engine/redis/gate.ts";
import { provideRedis, type StartedRedis } from "../../../engine/redis/provide-redis.ts";
import { connectRaw } from "./connect-raw.ts";
import { hasRedisServer } from "./has-redis-server.ts";

const kinds = hasRedisServer ? (["server", "embedded"] as const) : (["embedded"] as const);

describe.each(kinds)("the gate before a Redis of kind %s", (kind) => {
  let redis: StartedRedis;
  let gate: StartedGate;

  const open = async (options: { RESP?: 2 | 3 } = {}) => {
    const client = createClient({ url: gate.url, ...options });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
  const names = () => gate.log.filter((each) => !each.handshake).map((each) => each.name);
  const last = (name: string) => gate.log.findLast((each) => each.name === name);

  beforeAll(async () => {
    redis = await provideRedis({
      purpose: "grading",
      environment: { ...process.env, WORKBOOK_REDIS: kind },
    });
  });
  beforeEach(async () => {
    await redis.command("FLUSHALL");
    gate = await startGate({ redis, refuse: true });
    return async () => await gate[Symbol.asyncDispose]();
  });
  afterAll(async () => await redis[Symbol.asyncDispose]());

  it.each([2, 3] as const)(
    "passes a real client's commands, RESP%d, and logs them",
    async (RESP) => {
      const client = await open({ RESP });
      await client.set("a", "1", { expiration: { type: "EX", value: 60 } });
      expect(await client.get("a")).toBe("1");
      expect(await client.configGet("maxmemory")).toEqual({ maxmemory: "0" });
      await client.set("text", "x");
      await expect(client.incr("text")).rejects.toThrow("not an integer");
      client.destroy();
      expect(names()).toEqual(["SET", "GET", "CONFIG GET", "SET", "INCR"]);
      expect(gate.log.find((each) => each.name === "SET")).toMatchObject({
        args: ["SET", "a", "1", "EX", "60"],
        reply: "OK",
      });
      expect(last("GET")).toMatchObject({ reply: "1" });
      expect(last("INCR")?.error).toMatch(/^ERR value is not an integer/);
      expect(last("INCR")).not.toHaveProperty("reply");
      expect(gate.outstanding).toBe(0);
    },
  );

  it("passes ioredis, its scripts and its pipelines", async () => {
    const client = new Redis(gate.url);
    client.on("error", () => {});
    client.defineCommand("twice", {
      numberOfKeys: 1,
      lua: "return redis.call('INCRBY', KEYS[1], 2)",
    });
    const twice = (client as unknown as { twice(key: string): Promise<number> }).twice.bind(client);
    expect(await twice("n")).toBe(2);
    expect(await twice("n")).toBe(4);
    const replies = await client.pipeline().set("a", "x").get("a").incr("a").exec();
    expect(replies?.map(([error, value]) => error?.message.slice(0, 9) ?? value)).toEqual([
      "OK",
      "x",
      "ERR value",
    ]);
    client.disconnect();
    expect(names()).toContain("EVALSHA");
    expect(gate.log.find((each) => each.name === "INFO")?.handshake).toBe(true);
  });

  it("gives each command of a transaction its own reply", async () => {
    const client = await open();
    const replies = await client.multi().set("a", "1").incr("a").get("a").exec();
    expect(replies).toEqual(["OK", 2, "2"]);
    client.destroy();
    expect(
      gate.log.filter((each) => !each.handshake).map(({ name, reply }) => [name, reply]),
    ).toEqual([
      ["MULTI", "OK"],
      ["SET", "OK"],
      ["INCR", 2],
      ["GET", "2"],
      ["EXEC", ["OK", 2, "2"]],
    ]);
  });

  it("answers refusals in the order of the commands around them", async () => {
    const raw = await connectRaw(gate.port);
    raw.write("SET a 1\r\nCONFIG SET maxmemory 1\r\nGET a\r\nSHUTDOWN\r\nPING\r\n");
    const text = await raw.read((all) => all.endsWith("+PONG\r\n"));
    expect(text).toMatch(
      /^\+OK\r\n-ERR CONFIG SET is not allowed here[^\r]*\r\n\$1\r\n1\r\n-ERR SHUTDOWN is not allowed[^\r]*\r\n\+PONG\r\n$/,
    );
    raw.close();
    expect(last("SHUTDOWN")?.error).toMatch(/^ERR SHUTDOWN is not allowed here/);
  });

  it("aborts a transaction in which it refused a command, as Redis does", async () => {
    const raw = await connectRaw(gate.port);
    raw.write("MULTI\r\nSET a 1\r\nDEBUG SLEEP 1\r\nEXEC\r\nEXISTS a\r\n");
    const text = await raw.read((all) => all.endsWith(":0\r\n"));
    expect(text).toMatch(/^\+OK\r\n\+QUEUED\r\n-ERR DEBUG [^\r]*\r\n-EXECABORT [^\r]*\r\n:0\r\n$/);
    raw.close();
    expect(last("EXEC")?.error).toMatch(/^EXECABORT/);
  });

  it("passes half frames, inline commands and bytes that are no text", async () => {
    const raw = await connectRaw(gate.port);
    for (const part of [
      "*3\r",
      "\n$3\r\nS",
      "ET\r\n$1\r\nb\r\n$4\r",
      "\n\r\n\xff\x00",
      "\r",
      "\nGET 'b'\r\n",
    ]) {
      raw.write(part);
      await raw.flushed();
    }
    expect(await raw.read((all) => all.length >= 15)).toBe("+OK\r\n$4\r\n\r\n\xff\x00\r\n");
    raw.close();
    expect(last("SET")?.args).toEqual(["SET", "b", "\\x0d\\x0a\\xff\\x00"]);
    expect(last("GET")?.reply).toEqual(Uint8Array.from([13, 10, 255, 0]));
  });

  it("answers bytes that are no command as Redis does, and hangs up", async () => {
    const raw = await connectRaw(gate.port);
    raw.write("PING\r\n*1\r\nPING\r\n");
    expect(await raw.read(() => raw.isClosed())).toBe(
      "+PONG\r\n-ERR Protocol error: expected '$', got 'P'\r\n",
    );
  });

  it("passes 8 MiB both ways and keeps little of it", async () => {
    const client = await open();
    const big = "x".repeat(8 * 1024 * 1024);
    await client.set("big", big);
    expect((await client.get("big"))?.length).toBe(big.length);
    client.destroy();
    expect(last("SET")?.args[2]?.length).toBeLessThan(5000);
    expect(String(last("GET")?.reply)).toMatch(/^x+… \(8388608 bytes\)$/);
  });

  it.each([2, 3] as const)("passes published messages, RESP%d", async (RESP) => {
    const [listener, speaker] = [await open({ RESP }), await open({ RESP })];
    const heard: string[] = [];
    await listener.subscribe(["news", "more"], (message, channel) =>
      heard.push(`${channel}:${message}`),
    );
    await listener.pSubscribe("n*", (message) => heard.push(message));
    await speaker.publish("news", "one");
    await speaker.publish("more", "two");
    expect(await waitUntil(() => heard.length === 3, 5000)).toBe(true);
    expect(heard.toSorted()).toEqual(["more:two", "news:one", "one"]);
    await listener.unsubscribe();
    await listener.pUnsubscribe("n*");
    expect(String(await listener.ping())).toBe("PONG");
    expect(gate.outstanding).toBe(0);
    listener.destroy();
    speaker.destroy();
  });

  it("counts a blocked pop as quiet, and passes its reply", async ({ skip }) => {
    const known = await redis.command("COMMAND", "INFO", "blpop");
    skip(Array.isArray(known) && known[0] === null, "this Redis has no lists yet");
    const [waiting, pushing] = [await open(), await open()];
    const popped = waiting.blPop("queue", 0);
    expect(await waitUntil(() => names().includes("BLPOP"), 5000)).toBe(true);
    expect(gate.outstanding).toBe(0);
    await pushing.rPush("queue", "job");
    expect(await popped).toEqual({ key: "queue", element: "job" });
    waiting.destroy();
    pushing.destroy();
  });

  it("passes MONITOR's lines", async () => {
    const [raw, client] = [await connectRaw(gate.port), await open()];
    raw.write("MONITOR\r\n");
    await raw.read((all) => all.startsWith("+OK"));
    await client.set("seen", "1");
    expect(await raw.read((all) => all.includes("seen"))).toMatch(
      /\+\d+\.\d{6} \[0 .*"SET" "seen" "1"/i,
    );
    raw.close();
    client.destroy();
  });

  it("keeps in step with a client that asks for no replies", async () => {
    const raw = await connectRaw(gate.port);
    raw.write(
      "CLIENT REPLY SKIP\r\nSET a 1\r\nGET a\r\nCLIENT REPLY OFF\r\nSET a 2\r\nCLIENT REPLY ON\r\nGET a\r\n",
    );
    expect(await raw.read((all) => all.endsWith("2\r\n"))).toBe("$1\r\n1\r\n+OK\r\n$1\r\n2\r\n");
    raw.close();
    expect(gate.outstanding).toBe(0);
  });

  it("holds replies and lets them go in rounds", async () => {
    const client = await open();
    gate.hold();
    let done = 0;
    const count = () => (done += 1);
    const all = [client.set("a", "1").then(count), client.get("a").then(count)];
    expect(await waitUntil(() => gate.held === 2, 5000)).toBe(true);
    expect([done, gate.outstanding, last("GET")?.reply]).toEqual([0, 2, "1"]);
    expect(gate.releaseRound()).toBe(2);
    await Promise.all(all);
    const next = client.get("a");
    expect(await waitUntil(() => gate.held === 1, 5000)).toBe(true);
    gate.letGo();
    expect(await next).toBe("1");
    client.destroy();
  });

  it("loses every update of GET then SET in a held burst, and none of INCR", async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, async () => await open()));
    const burst = async (step: (client: (typeof clients)[number]) => Promise<unknown>) => {
      gate.hold();
      const all = Promise.all(clients.map(step));
      let over = false;
      void all.then(() => (over = true));
      for (let round = 0; round < 2; round += 1) {
        await waitUntil(() => over || gate.held === clients.length, 5000);
        gate.releaseRound();
      }
      gate.letGo();
      await all;
      return Number(await redis.command("GET", "n"));
    };
    for (let time = 0; time < 5; time += 1) {
      await redis.command("SET", "n", "0");
      const lost = await burst(async (client) => {
        const value = Number(await client.get("n"));
        await client.set("n", String(value + 1));
      });
      expect(lost).toBe(1);
      await redis.command("SET", "n", "0");
      expect(await burst(async (client) => await client.incr("n"))).toBe(10);
    }
    for (const client of clients) client.destroy();
  });

  it("gives no reply to the commands of a transaction that did not run", async () => {
    const [raw, other] = [await connectRaw(gate.port), await open()];
    raw.write("WATCH a\r\nMULTI\r\nSET a 1\r\n");
    await raw.read((all) => all.endsWith("+QUEUED\r\n"));
    await other.set("a", "2");
    raw.write(
      "EXEC\r\nMULTI\r\nSET b 1\r\nDISCARD\r\nMULTI\r\nNOSUCH\r\nGET a\r\nEXEC\r\nGET a\r\n",
    );
    await raw.read((all) => all.endsWith("$1\r\n2\r\n"));
    raw.close();
    other.destroy();
    const seen = gate.log
      .filter((each) => each.connection === 1)
      .map(({ name, reply, error }) => [name, error?.split(" ")[0] ?? reply]);
    expect(seen.slice(2)).toEqual([
      ["SET", null],
      ["EXEC", null],
      ["MULTI", "OK"],
      ["SET", null],
      ["DISCARD", "OK"],
      ["MULTI", "OK"],
      ["NOSUCH", "ERR"],
      ["GET", null],
      ["EXEC", "EXECABORT"],
      ["GET", "2"],
    ]);
  });

  it("lets a client that quits while replies are held have them all", async () => {
    const raw = await connectRaw(gate.port);
    gate.hold();
    raw.write("SET a 1\r\nQUIT\r\n");
    expect(await waitUntil(() => gate.held === 2, 5000)).toBe(true);
    gate.letGo();
    expect(await raw.read(() => raw.isClosed())).toBe("+OK\r\n+OK\r\n");
    // The gate hears of the end a moment after the client does.
    expect(await waitUntil(() => gate.connections === 0, 5000)).toBe(true);
    expect(gate.outstanding).toBe(0);
  });

  it("forgets clients that vanish, also those whose replies are held", async () => {
    gate.hold();
    const raws = await Promise.all(
      Array.from({ length: 20 }, async () => await connectRaw(gate.port)),
    );
    for (const raw of raws) raw.write("GET a\r\n");
    expect(await waitUntil(() => gate.held === 20, 5000)).toBe(true);
    for (const raw of raws) raw.close();
    expect(await waitUntil(() => gate.connections === 0 && gate.outstanding === 0, 5000)).toBe(
      true,
    );
    expect(gate.releaseRound()).toBe(0);
  });

  it("cuts Redis off and brings it back on the same port, with its data", async () => {
    const raw = await connectRaw(gate.port);
    raw.write("SET kept 1\r\n");
    await raw.read((all) => all === "+OK\r\n");
    gate.cut();
    expect(await waitUntil(() => raw.isClosed(), 5000)).toBe(true);
    expect(gate.connections).toBe(0);
    await expect(connectRaw(gate.port)).rejects.toThrow("ECONNREFUSED");
    await gate.restore();
    const again = await connectRaw(gate.port);
    again.write("GET kept\r\n");
    expect(await again.read((all) => all.endsWith("1\r\n"))).toBe("$1\r\n1\r\n");
    again.close();
  });

  it("stalls: nothing is answered until Redis is back, and then all is", async () => {
    const raw = await connectRaw(gate.port);
    raw.write("PING\r\n");
    await raw.read((all) => all === "+PONG\r\n");
    gate.stall();
    const late = await connectRaw(gate.port);
    raw.write("SET a 1\r\n");
    late.write("GET a\r\n");
    expect(await waitUntil(() => names().length === 3, 5000)).toBe(true);
    expect(await redis.command("EXISTS", "a")).toBe(0);
    expect(gate.outstanding).toBe(2);
    await gate.restore();
    expect(await raw.read((all) => all.endsWith("+OK\r\n"))).toBe("+PONG\r\n+OK\r\n");
    expect(await late.read((all) => all.length > 0)).toMatch(/^\$/);
    raw.close();
    late.close();
  });

  it("runs what was sent to a stalled Redis also when its client has given up", async () => {
    const raw = await connectRaw(gate.port);
    gate.stall();
    raw.write("SET late 1\r\n");
    expect(await waitUntil(() => gate.outstanding === 1, 5000)).toBe(true);
    raw.close();
    expect(await waitUntil(() => gate.connections === 0, 5000)).toBe(true);
    expect(gate.outstanding).toBe(0);
    await gate.restore();
    expect(await waitUntil(async () => (await redis.command("GET", "late")) === "1", 5000)).toBe(
      true,
    );
  });

  it("opens before Redis is ready", async () => {
    const later = deferred<StartedRedis>();
    await using early = await startGate({
      redis: later.promise,
      refuse: false,
    });
    const raw = await connectRaw(early.port);
    raw.write("PING\r\n");
    expect(await waitUntil(() => early.log.length === 1, 5000)).toBe(true);
    later.resolve(redis);
    expect(await raw.read((all) => all.length > 0)).toBe("+PONG\r\n");
    raw.close();
  });
});
