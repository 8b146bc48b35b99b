const REDISES = ["redis1", "redis2", "redis3"] as const;
const SENTINELS = ["sentinel1", "sentinel2", "sentinel3"] as const;

/** What a document may call the parts of a topology: by their names, or by what they are at that moment. */
export const NODES: readonly string[] = ["primary", "replica", ...REDISES, ...SENTINELS];

/** What can be killed and started. */
export const MORTALS: readonly string[] = [
  "primary",
  "replicas",
  "replica",
  ...REDISES,
  ...SENTINELS,
];

/** Whether a part of the topology has this name. */
export function isNode(name: string): boolean {
  return NODES.includes(name);
}
