import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type StartedEmbeddedRedis,
  startEmbeddedRedis,
} from "../../../../engine/redis/embedded/start-embedded-redis.ts";
import { hasPty, openPty, type Pty } from "../../commands/open-pty.ts";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const UP = "\u001B[A";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const timeout = 60_000;
const hasRedisCli = spawnSync("redis-cli", ["--version"]).status === 0;
const LINES = String.raw`SET k v
GET k
GET none
INCR k
RPUSH l a b
LRANGE l 0 -1
LRANGE none 0 -1
SET b "\x00\xff\n"
GET b
NOSUCH
EVAL "return {1,{2,3},{},false,'x'}" 0
MULTI
GET k
INCR k
EXEC
GET "k
3 INCR n
LLEN l x
INFO keyspace
SELECT 1
PING

HELLO 3
HSET h a 1 b 2
HGETALL h
ZADD z 1.5 a
ZSCORE z a
quit
SET never 1
`;

/** Runs `npm run redis` with lines on its standard input. */
function pipe(input: string): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["engine/start.mjs", "redis"], {
    cwd: ROOT,
    env: { ...process.env, WORKBOOK_REDIS: "embedded", REDIS_URL: undefined },
    input,
    encoding: "latin1",
    timeout,
  });
  return { stdout, stderr, status };
}

/** Talks to `npm run redis` in a terminal, and proves that it ends well. */
async function talk(use: (pty: Pty) => Promise<void>): Promise<void> {
  await using pty = openPty(ROOT, ["redis"], { environment: { WORKBOOK_REDIS: "embedded" } });
  await pty.see(/^127\.0\.0\.1:\d+> /m);
  await use(pty);
  expect(await pty.ended).toEqual({ code: 0, isRaw: false });
}

const withoutIds = (text: string) => text.replaceAll(/^id \d+$/gm, "id …");

describe("npm run redis, with lines from a pipe", () => {
  let other: StartedEmbeddedRedis;
  beforeAll(async () => {
    other = await startEmbeddedRedis();
  });
  afterAll(async () => {
    await other.stop();
  });

  test.runIf(hasRedisCli)("writes what redis-cli writes", { timeout }, () => {
    const theirs = execFileSync("redis-cli", ["-p", String(other.port)], {
      input: LINES,
      encoding: "latin1",
      timeout,
    });
    const ours = pipe(LINES);
    expect(withoutIds(ours.stdout)).toBe(withoutIds(theirs));
    expect(ours.status).toBe(0);
  });

  test("says on the other stream which Redis it is, with its URL", { timeout }, () => {
    const { stdout, stderr } = pipe("PING\n");
    expect(stdout).toBe("PONG\n");
    expect(stderr).toMatch(/^Redis: the embedded one.*\nURL: {3}redis:\/\/127\.0\.0\.1:\d+\n$/m);
  });
});

describe.runIf(hasPty())("npm run redis, in a terminal", () => {
  test(
    "completes commands, brings back lines, prints replies as redis-cli",
    { timeout },
    async () => {
      await talk(async (pty) => {
        pty.type("SET greeting hello EX 100\r");
        await pty.see(/^OK$/m);
        pty.type("get greeting\r");
        await pty.see(/^"hello"$/m);
        pty.clear();
        pty.type(`${UP}\r`);
        await pty.see(/^"hello"$/m);
        pty.type("hgeta\t");
        await pty.see("hgetall ");
        pty.type("greeting\r");
        await pty.see("(error) WRONGTYPE Operation against a key holding the wrong kind of value");
        // A Tab that comes together with what follows is taken for pasted text.
        pty.type("client lis\t");
        await pty.see("client list ");
        pty.type("\r");
        await pty.see(/^id=\d+ addr=/m);
        pty.type("select 2\r");
        await pty.see(/^127\.0\.0\.1:\d+\[2\]> /m);
        pty.type("exit\r");
      });
    },
  );

  test("Ctrl-C leaves what waits, then the prompt", { timeout }, async () => {
    await talk(async (pty) => {
      pty.type("SUBSCRIBE news\r");
      await pty.see('1) "subscribe"');
      await pty.see("3) (integer) 1");
      pty.clear();
      pty.type(CTRL_C);
      await pty.see(/127\.0\.0\.1:\d+> /);
      pty.type("CLIENT LIST\r");
      await pty.see(/^id=/m);
      expect(pty.text()).not.toContain("cmd=subscribe");
      pty.clear();
      pty.type("BLPOP nothing 0\r");
      await pty.see(/BLPOP nothing 0\n/);
      pty.type(CTRL_C);
      await pty.see(/> $/);
      pty.type("ECHO again\r");
      await pty.see(/^"again"$/m);
      pty.type(CTRL_C);
    });
  });

  test("Ctrl-D ends it", { timeout }, async () => {
    await talk(async (pty) => pty.type(CTRL_D));
  });
});
