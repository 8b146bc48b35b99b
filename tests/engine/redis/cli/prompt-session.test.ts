import { afterAll, beforeAll, expect, test } from "vitest";
import { PromptSession } from "../../../../engine/redis/cli/prompt-session.ts";
import {
  type StartedEmbeddedRedis,
  startEmbeddedRedis,
} from "../../../../engine/redis/embedded/start-embedded-redis.ts";

let redis: StartedEmbeddedRedis;
beforeAll(async () => {
  redis = await startEmbeddedRedis();
});
afterAll(async () => {
  await redis.stop();
});

async function lines(session: PromptSession, line: string): Promise<readonly string[]> {
  const answer = await session.answer(line);
  return answer.kind === "reply" ? answer.lines : [answer.kind];
}

test("The prompt shows the database and an open transaction as redis-cli does", async () => {
  using session = await PromptSession.open(redis.url);
  const at = `127.0.0.1:${redis.port}`;
  expect(session.prompt).toBe(`${at}> `);
  await session.answer("SELECT 3");
  expect(session.prompt).toBe(`${at}[3]> `);
  await session.answer("multi");
  expect(session.prompt).toBe(`${at}[3](TX)> `);
  await session.answer("SELECT 4");
  await session.answer("DISCARD");
  expect(session.prompt).toBe(`${at}[3]> `);
  await session.answer("SELECT 99");
  expect(session.prompt).toBe(`${at}[3]> `);
  await session.answer("MULTI");
  await session.answer("NOSUCH");
  await session.answer("EXEC");
  expect(session.prompt).toBe(`${at}[3]> `);
});

test("A number repeats a command, open quotes are refused, INFO comes without quotes", async () => {
  using session = await PromptSession.open(redis.url);
  expect(await lines(session, "3 INCR repeated")).toEqual([
    "(integer) 1",
    "(integer) 2",
    "(integer) 3",
  ]);
  expect(await lines(session, 'GET "a')).toEqual(["Invalid argument(s)"]);
  expect((await lines(session, "INFO server"))[0]).toBe("# Server");
  expect(await lines(session, "  ")).toEqual(["nothing"]);
  expect(await lines(session, "QUIT")).toEqual(["quit"]);
  expect(await lines(session, "clear")).toEqual(["clear"]);
});

test("A connection that was lost is opened again, in the same database", async () => {
  using session = await PromptSession.open(redis.url);
  await session.answer("SELECT 2");
  await session.answer("SET here 1");
  const [id = ""] = await lines(session, "CLIENT ID");
  using other = await PromptSession.open(redis.url);
  await other.answer(`CLIENT KILL ID ${id.replace("(integer) ", "")}`);
  expect((await lines(session, "PING"))[0]).toMatch(/^Error: /);
  expect(session.prompt).toBe("not connected> ");
  expect(await lines(session, "GET here")).toEqual(['"1"']);
  expect(session.prompt).toBe(`127.0.0.1:${redis.port}[2]> `);
});

test("A command that waits can be given up, and the next one is answered", async () => {
  using session = await PromptSession.open(redis.url);
  const waiting = session.answer("BLPOP nothing 0");
  session.interrupt();
  expect(await waiting).toEqual({ kind: "nothing" });
  expect(await lines(session, "PING")).toEqual(["PONG"]);
});
