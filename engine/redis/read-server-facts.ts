import type { RedisConnection } from "./resp/redis-connection.ts";

/** What INFO says about a server. */
export interface ServerFacts {
  /** The Redis version (Valkey says its own as well; this is the Redis one). */
  readonly version: string;
  readonly pid: number | undefined;
}

/** Asks a server what it is. */
export async function readServerFacts(connection: RedisConnection): Promise<ServerFacts> {
  const info = String(await connection.command("INFO", "server"));
  const pid = /^process_id:(\d+)/m.exec(info)?.[1];
  return {
    version: /^redis_version:(\S+)/m.exec(info)?.[1] ?? "unknown",
    pid: pid === undefined ? undefined : Number(pid),
  };
}

/** Whether a version is one that the workbook is written for: 7.0 or later. */
export function isRecentEnough(version: string): boolean {
  return Number.parseInt(version, 10) >= 7;
}
