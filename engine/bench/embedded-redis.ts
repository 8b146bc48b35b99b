import { startEmbeddedRedis } from "../redis/embedded/start-embedded-redis.ts";
import { findRedisServers } from "../redis/find-redis-server.ts";
import { startRedisServer } from "../redis/start-redis-server.ts";
import { compare } from "./compare.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { type Exchange, runLoad } from "./redis-load.ts";

const CONNECTIONS = 50;
const REQUESTS = 10_000;
const PIPELINED = 16;
/** What a session of a shop is: some 500 bytes of JSON. */
const SESSION = JSON.stringify({ cookie: { originalMaxAge: 1_800_000 }, cart: "x".repeat(450) });

/** What connect-redis sends for a read and for a write. */
const SESSION_WORK: readonly Exchange[] = [
  { args: ["GET", "sess:%"], replyBytes: bulkBytes(SESSION) },
  { args: ["EXPIRE", "sess:%", "1800"], replyBytes: ":1\r\n".length },
  { args: ["GET", "sess:%"], replyBytes: bulkBytes(SESSION) },
  { args: ["SET", "sess:%", SESSION, "EX", "1800"], replyBytes: "+OK\r\n".length },
];

/** A counter with its window, as one transaction. */
const TRANSACTION: readonly Exchange[] = [
  { args: ["MULTI"], replyBytes: "+OK\r\n".length },
  { args: ["SET", "sess:%", SESSION, "EX", "1800"], replyBytes: "+QUEUED\r\n".length },
  { args: ["EXPIRE", "sess:%", "900"], replyBytes: "+QUEUED\r\n".length },
  { args: ["EXEC"], replyBytes: "*2\r\n+OK\r\n:1\r\n".length },
];

/**
 * The embedded Redis beside redis-server: session work and MULTI over 50 connections, one by one and
 * in pipelines, and how long each takes to start. Nothing where there is no redis-server.
 */
export async function benchEmbeddedRedis({ runs, onProgress }: BenchOptions): Promise<Figure[]> {
  const [file] = findRedisServers(process.env);
  if (file === undefined) return [];
  await using embedded = await startEmbeddedRedis();
  const server = await startRedisServer(file);
  try {
    const figures: Figure[] = [];
    for (const [name, exchanges, batch] of [
      ["GET, SET and EXPIRE of sessions, one by one", SESSION_WORK, 1],
      [`GET, SET and EXPIRE of sessions, ${PIPELINED} in a pipeline`, SESSION_WORK, PIPELINED],
      ["MULTI, SET, EXPIRE, EXEC, one by one", TRANSACTION, TRANSACTION.length],
      [`MULTI, SET, EXPIRE, EXEC, ${PIPELINED} in a pipeline`, TRANSACTION, PIPELINED],
    ] as const) {
      const load = { connections: CONNECTIONS, requests: REQUESTS, exchanges, batch };
      figures.push(
        await compare({
          name: `The embedded Redis: ${name}, ${CONNECTIONS} connections`,
          besideName: `redis-server ${server.version}`,
          aim: { of: "ratio", most: 5 },
          runs,
          onProgress,
          subject: async () => ({ durationMs: await runLoad(embedded.port, load) }),
          beside: async () => ({ durationMs: await runLoad(server.port, load) }),
        }),
      );
    }
    figures.push(await compareStarts(file, runs, onProgress));
    return figures;
  } finally {
    await server.stop();
  }
}

async function compareStarts(
  file: string,
  runs: number,
  onProgress: BenchOptions["onProgress"],
): Promise<Figure> {
  return await compare({
    name: "The embedded Redis, from start to ready in a running process",
    besideName: "redis-server, from start to ready",
    aim: { of: "value", most: 40 },
    runs,
    onProgress,
    subject: async () => await timed(startEmbeddedRedis),
    beside: async () => await timed(async () => await startRedisServer(file)),
  });
}

async function timed(
  start: () => Promise<{ stop(): Promise<void> }>,
): Promise<{ durationMs: number }> {
  const from = performance.now();
  const started = await start();
  const durationMs = performance.now() - from;
  await started.stop();
  return { durationMs };
}

function bulkBytes(text: string): number {
  return `$${text.length}\r\n${text}\r\n`.length;
}
