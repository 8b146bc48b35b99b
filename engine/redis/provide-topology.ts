import { findRedisServers, serverName } from "./find-redis-server.ts";
import type { StartedRedis } from "./provide-redis.ts";
import { ServerUnusable } from "./start-redis-server.ts";
import { type SentinelTopology, startSentinelTopology } from "./start-sentinel-topology.ts";

/** A topology, seen as the Redis that is its primary at each moment. */
export interface StartedTopology extends StartedRedis {
  readonly topology: SentinelTopology;
}

/** Why there is no topology to be had, one line for each server that was tried. */
export interface NoTopology {
  readonly topology?: undefined;
  readonly notes: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts a topology from the first usable redis-server on PATH; NoTopology when there is none, or
 * WORKBOOK_REDIS asks for the embedded Redis.
 */
export async function provideTopology(
  environment: Environment,
): Promise<StartedTopology | NoTopology> {
  const notes: string[] = [];
  const wish = environment["WORKBOOK_REDIS"]?.trim() ?? "";
  if (wish === "embedded") return { notes: ["WORKBOOK_REDIS asks for the embedded Redis."] };
  if (wish.includes(":")) {
    notes.push("WORKBOOK_REDIS is not used: this lesson kills what it uses, and starts its own.");
  }
  const files = findRedisServers(environment);
  for (const file of files) {
    try {
      return seenAsOne(await startSentinelTopology(file), file, notes);
    } catch (error) {
      if (!(error instanceof ServerUnusable)) throw error;
      notes.push(`${file} is passed over: it ${error.message}.`);
    }
  }
  return { notes: files.length === 0 ? ["No redis-server is on your PATH."] : notes };
}

function seenAsOne(
  topology: SentinelTopology,
  file: string,
  notes: readonly string[],
): StartedTopology {
  const { version } = topology;
  return {
    topology,
    kind: "sentinel",
    version,
    line: `Redis: one primary, two replicas and three sentinels, private ones of ${serverName(file)} ${version} from your PATH`,
    get url() {
      return `redis://127.0.0.1:${topology.portOf("primary")}`;
    },
    notes,
    command: async (...args) => await topology.command("primary", ...args),
    travel: async () => {
      throw new Error("Time cannot pass for a topology");
    },
    offsetMs: 0,
    [Symbol.asyncDispose]: async () => await topology[Symbol.asyncDispose](),
  };
}
