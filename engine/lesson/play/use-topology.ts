import type { StartedGate } from "../../redis/gate.ts";
import type { StartedRedis } from "../../redis/provide-redis.ts";
import type { StartedTopology } from "../../redis/provide-topology.ts";
import type { SentinelTopology } from "../../redis/start-sentinel-topology.ts";
import { joinGates } from "../../redis/topology/join-gates.ts";

/** A topology as a stage uses it. */
export interface UsedTopology {
  readonly topology: SentinelTopology;
  /** All its gates as one. */
  readonly gate: StartedGate;
  /** How programs find it: `SENTINELS` is a list of addresses, `SENTINEL_NAME` what they watch. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Has the commands that each Redis gets seen under its name.
 * @throws when it is no topology
 */
export function useTopology(
  redis: StartedRedis | StartedTopology,
  see: (name: string, gate: StartedGate) => void,
): UsedTopology {
  if (!("topology" in redis)) throw new Error("The lesson needs a topology");
  const { topology } = redis;
  for (const { name, gate } of topology.gates) see(name, gate);
  const sentinels = topology.sentinelPorts.map((port) => `127.0.0.1:${port}`);
  return {
    topology,
    gate: joinGates(
      topology.gates.map(({ gate }) => gate),
      redis.url,
    ),
    environment: { SENTINELS: sentinels.join(","), SENTINEL_NAME: topology.service },
  };
}
