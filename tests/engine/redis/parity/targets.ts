import { UserError } from "../../../../engine/errors.ts";
import { startEmbeddedRedis } from "../../../../engine/redis/embedded/start-embedded-redis.ts";
import { findRedisServers } from "../../../../engine/redis/find-redis-server.ts";
import { startRedisServer } from "../../../../engine/redis/start-redis-server.ts";
import { travelKeys } from "../../../../engine/redis/travel-keys.ts";
import { RawClient } from "./raw-client.ts";

/** One of the two Redises that are compared. */
export interface Target extends AsyncDisposable {
  readonly name: string;
  readonly port: number;
  readonly version: string;
  /** A connection for the harness itself. */
  readonly control: RawClient;
  /** What this Redis takes for now, in ms. */
  nowMs(): number;
  travel(ms: number): Promise<void>;
}

/** The first redis-server on PATH that is a 7.0: others answer some commands differently. */
export function findServer(): string | undefined {
  return findRedisServers(process.env).find((file) => /redis-server(\.exe)?$/i.test(file));
}

/**
 * A redis-server of our own.
 * @throws UserError when there is none on this machine
 */
export async function startServerTarget(): Promise<Target> {
  const file = findServer();
  if (file === undefined) {
    throw new UserError("There is no redis-server on your PATH to compare with.", {
      hint: "Install Redis 7.0, then: npm run parity",
    });
  }
  const server = await startRedisServer(file);
  const control = await RawClient.open(server.port);
  return {
    name: `redis-server ${server.version}`,
    port: server.port,
    version: server.version,
    control,
    nowMs: () => Date.now(),
    travel: async (ms) => {
      // What the product does on a server: it cannot move its clock, so every TTL is shortened.
      await travelKeys(server.connection, ms, { databases: "all" });
    },
    [Symbol.asyncDispose]: async () => {
      control.close();
      await server.stop();
    },
  };
}

/** The embedded Redis, or another that is started in its place (one with a planted bug). */
export async function startEmbeddedTarget(
  start: typeof startEmbeddedRedis = startEmbeddedRedis,
): Promise<Target> {
  const embedded = await start();
  const control = await RawClient.open(embedded.port);
  let offsetMs = 0;
  return {
    name: "the embedded Redis",
    port: embedded.port,
    version: embedded.version,
    control,
    nowMs: () => Date.now() + offsetMs,
    travel: async (ms) => {
      offsetMs += ms;
      await embedded.advanceClock(ms);
    },
    [Symbol.asyncDispose]: async () => {
      control.close();
      await embedded.stop();
    },
  };
}
