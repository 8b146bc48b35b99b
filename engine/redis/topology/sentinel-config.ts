import { randomBytes } from "node:crypto";

/** A sentinel as the others know it. */
export interface SentinelIdentity {
  readonly port: number;
  /** 40 hexadecimal digits. */
  readonly id: string;
}

/** Between failovers: a busy machine that stops a Redis for a moment must not look like a dead one. */
export const PATIENT_MS = 60_000;
/** A failover that found no majority is tried again after twice this time. */
const FAILOVER_TIMEOUT_MS = 2000;

/** The periods of a sentinel are made for machines far from each other; on one, all may be shorter. */
export const QUICK_PERIODS = {
  "info-period": 300,
  // Five of these is how old a sentinel's knowledge of a replica may be at a failover, and it asks once a second.
  "ping-period": 500,
  "ask-period": 100,
  "publish-period": 100,
  // A machine that stood still for two seconds must not stop the sentinels for thirty.
  "tilt-trigger": 60_000,
  "tilt-period": 1000,
} as const;

/** Makes an identity. */
export function createSentinelId(): string {
  return randomBytes(20).toString("hex");
}

/**
 * The configuration of a sentinel that knows everybody from the start. (By itself it would hear of the
 * others within some seconds.)
 */
export function sentinelConfig(options: {
  service: string;
  own: SentinelIdentity;
  others: readonly SentinelIdentity[];
  primaryPort: number;
  replicaPorts: readonly number[];
  quorum: number;
}): string {
  const { service, own, others, primaryPort, replicaPorts, quorum } = options;
  return [
    `port ${own.port}`,
    "bind 127.0.0.1",
    `sentinel myid ${own.id}`,
    `sentinel monitor ${service} 127.0.0.1 ${primaryPort} ${quorum}`,
    `sentinel down-after-milliseconds ${service} ${PATIENT_MS}`,
    `sentinel failover-timeout ${service} ${FAILOVER_TIMEOUT_MS}`,
    `sentinel parallel-syncs ${service} 1`,
    ...replicaPorts.map((port) => `sentinel known-replica ${service} 127.0.0.1 ${port}`),
    ...others.map(({ port, id }) => `sentinel known-sentinel ${service} 127.0.0.1 ${port} ${id}`),
    "",
  ].join("\n");
}
