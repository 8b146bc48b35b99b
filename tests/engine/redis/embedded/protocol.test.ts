import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type StartedEmbeddedRedis,
  startEmbeddedRedis,
} from "../../../../engine/redis/embedded/start-embedded-redis.ts";
import { RawConnection } from "./raw-connection.ts";

let redis: StartedEmbeddedRedis;
beforeAll(async () => {
  redis = await startEmbeddedRedis();
});
afterAll(async () => {
  await redis.stop();
});

test("half a command waits for its other half", async () => {
  await using connection = await RawConnection.open(redis.port);
  for (const character of "*2\r\n$4\r\nECHO\r\n$5\r\nhe\r\n") connection.send(character);
  connection.send("o\r\n");
  await connection.expect("$5\r\nhe\r\no\r\n");
});

test("a pipeline is answered in its order", async () => {
  await using connection = await RawConnection.open(redis.port);
  connection.send("PING\r\n*1\r\n$4\r\nPING\r\nECHO 'a b'\r\n\r\nECHO \"\\x41\\n\"\r\n");
  await connection.expect("+PONG\r\n+PONG\r\n$3\r\na b\r\n$2\r\nA\n\r\n");
});

test.each([
  ["*x\r\n", "-ERR Protocol error: invalid multibulk length\r\n"],
  ["*1\r\n+PING\r\n", "-ERR Protocol error: expected '$', got '+'\r\n"],
  ["*1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length\r\n"],
  ["*1\r\n$-1\r\n", "-ERR Protocol error: invalid bulk length\r\n"],
  ["*1\r\n$536870913\r\n", "-ERR Protocol error: invalid bulk length\r\n"],
  ["SET a 'b\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n"],
  ["x".repeat(70_000), "-ERR Protocol error: too big inline request\r\n"],
  [`*${"1".repeat(70_000)}`, "-ERR Protocol error: too big mbulk count string\r\n"],
])(
  "garbage is answered by a protocol error, then the connection closes (%#)",
  async (sent, reply) => {
    await using connection = await RawConnection.open(redis.port);
    connection.send(sent);
    await connection.expect(reply);
    await connection.expectClosed();
  },
);

test("keys and values are bytes, not text", async () => {
  await using connection = await RawConnection.open(redis.port);
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index)).toString("latin1");
  connection.command("SET", bytes, bytes);
  connection.command("GET", bytes);
  connection.command("EVAL", "return redis.call('get', KEYS[1])", "1", bytes);
  const value = `$256\r\n${bytes}\r\n`;
  await connection.expect(`+OK\r\n${value}${value}`);
});

test("an unknown command is refused in Redis's words", async () => {
  await using connection = await RawConnection.open(redis.port);
  connection.command("NOSUCH", "a", "b");
  await connection.expect("-ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' \r\n");
  expect(connection.closed).toBe(false);
});
