/** What would end, reconfigure or leave the Redis under a grading, or touch other clients of it. */
const REFUSED = new Set(
  (
    "SHUTDOWN DEBUG REPLICAOF SLAVEOF ACL MODULE SAVE BGSAVE BGREWRITEAOF MIGRATE CLUSTER FAILOVER SYNC PSYNC REPLCONF " +
    "CONFIG|SET CONFIG|REWRITE CONFIG|RESETSTAT CLIENT|KILL CLIENT|PAUSE CLIENT|UNPAUSE CLIENT|UNBLOCK SCRIPT|KILL SCRIPT|DEBUG FUNCTION|KILL"
  )
    .split(" ")
    .map((name) => name.replace("|", " ")),
);

/** The error that the gate answers in place of Redis while grading; undefined: it may pass. */
export function refuseCommand(name: string): string | undefined {
  const [first = ""] = name.split(" ");
  if (!REFUSED.has(name) && !REFUSED.has(first)) return undefined;
  return `ERR ${name} is not allowed here: the Redis of a grading is not the program's to manage`;
}

/**
 * In somebody's own Redis one database was lent to us: what reaches beyond it is refused, whatever the run is for.
 * FLUSHALL has its own answer (see GateConnection): it empties that database alone.
 */
export function refuseBeyondDatabase(
  name: string,
  args: readonly Buffer[],
  database: number,
): string | undefined {
  const says = (index: number) => args[index]?.toString("latin1").toUpperCase();
  const beyond =
    (name === "SELECT" && says(1) !== "0" && says(1) !== String(database)) ||
    name === "SWAPDB" ||
    name === "MOVE" ||
    (name === "COPY" && args.slice(3).some((_, at) => says(at + 3) === "DB")) ||
    ["SHUTDOWN", "CONFIG SET", "CONFIG REWRITE", "REPLICAOF", "SLAVEOF"].includes(name);
  return beyond
    ? `ERR ${name} is not allowed here: of this Redis only database ${database} was lent to the workbook`
    : undefined;
}
