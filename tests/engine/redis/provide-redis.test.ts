import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { UserError } from "../../../engine/errors.ts";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { findFreePort } from "../../../engine/process/find-free-port.ts";
import { findRedisServers } from "../../../engine/redis/find-redis-server.ts";
import { startGate } from "../../../engine/redis/gate.ts";
import { openRedis } from "../../../engine/redis/open-redis.ts";
import { parseRedisUrl } from "../../../engine/redis/parse-redis-url.ts";
import { provideRedis, type StartedRedis } from "../../../engine/redis/provide-redis.ts";
import { setWorkbookRedis } from "../../../engine/redis/set-workbook-redis.ts";
import { connectRaw } from "./connect-raw.ts";
import { hasRedisServer } from "./has-redis-server.ts";

type Environment = Record<string, string | undefined>;

async function provide(
  environment: Environment,
  purpose: "lesson" | "grading" = "lesson",
): Promise<StartedRedis> {
  const redis = await provideRedis({ purpose, environment });
  onTestFinished(async () => await redis[Symbol.asyncDispose]());
  return redis;
}

/** What a person reads: the message and the next command. */
async function complaint(environment: Environment): Promise<string> {
  try {
    await provide(environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.message}\nNext: ${error.hint}`;
  }
  return "no complaint";
}

/** A PATH with one program on it, made for the test. */
function pathWith(name: string, script: string): string {
  const folder = createTemporaryFolder("path");
  onTestFinished(async () => await folder.remove());
  const file = join(folder.path, name);
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return folder.path;
}

describe("without a wish", () => {
  it.skipIf(!hasRedisServer)("the server on PATH serves, privately and without files", async () => {
    const redis = await provide({ PATH: process.env["PATH"] });
    expect(redis.kind).toBe("server");
    expect(redis.line).toMatch(
      /^Redis: (redis|valkey)-server \d+\.\d+\.\d+ from your PATH, a private one on port \d+$/,
    );
    expect(redis.notes).toEqual([]);
    expect(await redis.command("CONFIG", "GET", "save")).toEqual(new Map([["save", ""]]));
    expect(await redis.command("CONFIG", "GET", "appendonly")).toEqual(
      new Map([["appendonly", "no"]]),
    );
    expect(await redis.command("CONFIG", "GET", "bind")).toEqual(new Map([["bind", "127.0.0.1"]]));
  });

  it("the embedded one serves where there is none", async () => {
    const redis = await provide({ PATH: "" });
    expect(redis.kind).toBe("embedded");
    expect(redis.line).toMatch(
      /^Redis: the embedded one, as version 7\.0\.\d+, on port \d+ \(no redis-server on your PATH\)$/,
    );
    expect(await redis.command("SET", "a", "1")).toBe("OK");
  });

  it("a REDIS_URL is ignored, and that is said", async () => {
    const redis = await provide({ PATH: "", REDIS_URL: "redis://127.0.0.1:1" });
    expect(redis.notes).toEqual([
      "REDIS_URL is set and ignored: it may be somebody's real database. WORKBOOK_REDIS would be used.",
    ]);
  });

  it("two at once do not share", async () => {
    const [one, two] = await Promise.all([provide(process.env), provide(process.env)]);
    await one.command("SET", "mine", "1");
    expect(await two.command("EXISTS", "mine")).toBe(0);
  });

  it.skipIf(process.platform === "win32")(
    "a server that does not start is passed over, and named",
    async () => {
      const path = pathWith("redis-server", "#!/bin/sh\necho 'cannot do that' >&2\nexit 3\n");
      const redis = await provide({ PATH: path });
      expect(redis.kind).toBe("embedded");
      expect(redis.notes).toEqual([
        `${join(path, "redis-server")} is passed over: it ended at once (exit code 3): cannot do that.`,
      ]);
    },
  );

  it.skipIf(process.platform === "win32")(
    "a server that is too old is passed over, and named",
    async () => {
      const path = pathWith(
        "redis-server",
        `#!${process.execPath}
require("node:net").createServer((socket) => socket.on("data", (data) => {
  const info = "redis_version:6.2.14\\r\\n";
  for (const command of String(data).match(/\\$\\d+\\r\\n(PING|HELLO|INFO)/gi) ?? [])
    socket.write(/PING/i.test(command) ? "+PONG\\r\\n" : /HELLO/i.test(command) ? "-ERR unknown command\\r\\n" : "$" + info.length + "\\r\\n" + info + "\\r\\n");
})).listen(Number(process.argv[process.argv.indexOf("--port") + 1]), "127.0.0.1");`,
      );
      const redis = await provide({ PATH: path });
      expect(redis.kind).toBe("embedded");
      expect(redis.notes).toEqual([
        `${join(path, "redis-server")} is passed over: it is version 6.2.14, and 7.0 or later is needed.`,
      ]);
      expect(await complaint({ PATH: path, WORKBOOK_REDIS: "server" })).toBe(
        `WORKBOOK_REDIS is "server": none on your PATH can be used. ${redis.notes.join(" ")}\nNext: ${setWorkbookRedis("embedded")}`,
      );
    },
  );
});

describe("a wish that cannot be met is answered with what came and what to type", () => {
  const hint = setWorkbookRedis("redis://127.0.0.1:6379/1");

  it.each([
    [
      "yes",
      `WORKBOOK_REDIS is "yes": it must be embedded, server, or a URL like redis://127.0.0.1:6379/1.\nNext: ${setWorkbookRedis("embedded")}`,
    ],
    ["redis://h:port", `WORKBOOK_REDIS is "redis://h:port": that is no URL.\nNext: ${hint}`],
    [
      "http://localhost:6379",
      `WORKBOOK_REDIS is "http://localhost:6379": its scheme is http:// and must be redis:// or rediss://.\nNext: ${hint}`,
    ],
    [
      "redis://:secret@h/db",
      `WORKBOOK_REDIS is "redis://:***@h/db": its database is "db" and must be a number.\nNext: ${hint}`,
    ],
    ["redis:///1", `WORKBOOK_REDIS is "redis:///1": it names no host.\nNext: ${hint}`],
  ])("%s", async (wish, message) => {
    expect(await complaint({ PATH: "", WORKBOOK_REDIS: wish })).toBe(message);
  });

  it("server, and none there", async () => {
    expect(await complaint({ PATH: "", WORKBOOK_REDIS: "server" })).toBe(
      `WORKBOOK_REDIS is "server": no redis-server or valkey-server is on your PATH.\nNext: ${setWorkbookRedis("embedded")}`,
    );
  });

  it("nothing listens there", async () => {
    const port = await findFreePort();
    expect(await complaint({ WORKBOOK_REDIS: `redis://127.0.0.1:${port}` })).toBe(
      `WORKBOOK_REDIS is redis://127.0.0.1:${port}: nothing listens on 127.0.0.1, port ${port}.\nNext: ${process.platform === "win32" ? "Remove-Item Env:WORKBOOK_REDIS" : "unset WORKBOOK_REDIS"}`,
    );
  });

  it("something else listens there", async () => {
    const other = createServer((socket) => {
      socket.on("error", () => {});
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await complaint({ WORKBOOK_REDIS: `redis://127.0.0.1:${port}` })).toContain(
      `WORKBOOK_REDIS is redis://127.0.0.1:${port}: it cannot be used (Not a reply of Redis: "HTTP/1.1 400 Bad Request").`,
    );
  });
});

/** A Redis that plays somebody's own. */
async function lend(): Promise<{ lent: StartedRedis; url: string }> {
  const lent = await provide(hasRedisServer ? process.env : { PATH: "" });
  return { lent, url: lent.url };
}

describe("somebody's own Redis", () => {
  it("is used when it is empty, and left empty", async () => {
    const { lent, url } = await lend();
    await lent.command("SET", "theirs", "1", "EX", "7200");
    const redis = await provide({ WORKBOOK_REDIS: `${url}/2` });
    expect(redis.kind).toBe("external");
    expect(redis.line).toBe(`Redis: yours, version ${redis.version}, at ${url}/2 (WORKBOOK_REDIS)`);
    await using gate = await startGate({ redis, refuse: false });
    const raw = await connectRaw(gate.port);
    raw.write("SET ours 1 EX 7200\r\nSELECT 0\r\nEXISTS theirs\r\nSELECT 1\r\n");
    expect(await raw.read((all) => all.includes("-ERR"))).toMatch(
      /^\+OK\r\n\+OK\r\n:0\r\n-ERR SELECT is not allowed here: of this Redis only database 2 was lent/,
    );
    await redis.travel(3_600_000);
    expect(await redis.command("TTL", "ours")).toBe(3600);
    expect(await lent.command("TTL", "theirs")).toBeGreaterThan(7000);
    raw.write("FLUSHALL\r\nSET ours 1\r\n");
    await raw.read((all) => all.endsWith("+OK\r\n+OK\r\n"));
    raw.close();
    expect(await lent.command("EXISTS", "theirs")).toBe(1);
    await redis[Symbol.asyncDispose]();
    await lent.command("SELECT", "2");
    expect(await lent.command("DBSIZE")).toBe(0);
  });

  it("is refused when it is not empty, with the command that chooses an empty database", async () => {
    const { lent, url } = await lend();
    await lent.command("MSET", "a", "1", "b", "2");
    await lent.command("SELECT", "1");
    await lent.command("SET", "c", "3");
    expect(await complaint({ WORKBOOK_REDIS: url })).toBe(
      `WORKBOOK_REDIS is ${url}: its database 0 is not empty (2 keys). The workbook uses only an empty one.\nNext: ${setWorkbookRedis(`${url}/2`)}`,
    );
    await lent.command("SELECT", "0");
    expect(await lent.command("DBSIZE")).toBe(2);
  });

  it("serves one run at a time", async () => {
    const { url } = await lend();
    await provide({ WORKBOOK_REDIS: `${url}/4` });
    expect(await complaint({ WORKBOOK_REDIS: `${url}/4` })).toBe(
      `WORKBOOK_REDIS is ${url}/4: another run of the workbook is using this database.\nNext: ${setWorkbookRedis(`${url}/0`)}`,
    );
  });

  it("is not used for grading, and that is said", async () => {
    const { url } = await lend();
    const redis = await provide({ PATH: "", WORKBOOK_REDIS: `${url}/5` }, "grading");
    expect(redis.kind).toBe("embedded");
    expect(redis.notes).toEqual([
      `WORKBOOK_REDIS is ${url}/5: not used, since grading needs a Redis of its own.`,
    ]);
  });

  it.skipIf(!hasRedisServer)("says when a password is missing or wrong", async () => {
    const { lent, url } = await lend();
    await lent.command("CONFIG", "SET", "requirepass", "s3cret");
    expect(await complaint({ WORKBOOK_REDIS: url })).toBe(
      `WORKBOOK_REDIS is ${url}: this Redis asks for a password.\nNext: ${setWorkbookRedis(url.replace("//", "//:PASSWORD@"))}`,
    );
    const wrong = url.replace("//", "//:guess@");
    expect(await complaint({ WORKBOOK_REDIS: wrong })).toBe(
      `WORKBOOK_REDIS is ${wrong.replace("guess", "***")}: this Redis refuses the password (WRONGPASS invalid username-password pair or user is disabled.).\nNext: ${setWorkbookRedis(url.replace("//", "//:PASSWORD@"))}`,
    );
    const redis = await provide({ WORKBOOK_REDIS: `${url.replace("//", "//:s3cret@")}/3` });
    await using gate = await startGate({ redis, refuse: false });
    const client = await openRedis(parseRedisUrl(gate.url));
    expect(await client.command("SET", "through", "the gate")).toBe("OK");
    client.close();
    expect(await redis.command("GET", "through")).toBe("the gate");
    expect(redis.line).not.toContain("s3cret");
  });

  it("says when there is no such database", async () => {
    const { url } = await lend();
    expect(await complaint({ WORKBOOK_REDIS: `${url}/99` })).toBe(
      `WORKBOOK_REDIS is ${url}/99: this Redis has no database 99.\nNext: ${setWorkbookRedis(`${url}/1`)}`,
    );
  });
});

describe("findRedisServers", () => {
  it.skipIf(process.platform === "win32")("names each program once, redis-server first", () => {
    const one = pathWith("valkey-server", "#!/bin/sh\n");
    const two = pathWith("redis-server", "#!/bin/sh\n");
    expect(findRedisServers({ PATH: `${one}:${one}::${two}:/nowhere` })).toEqual([
      join(two, "redis-server"),
      join(one, "valkey-server"),
    ]);
  });
});
