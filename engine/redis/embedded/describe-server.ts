import type { Server } from "./server.ts";
import { VERSION } from "./version.ts";

/** The text of INFO; no section asked for, or `default`, `all`, `everything`: all it has. */
export function describeServer(server: Server, asked: readonly string[]): string {
  const everything =
    asked.length === 0 || asked.some((word) => /^(default|all|everything)$/.test(word));
  return Object.entries(sections(server))
    .filter(([name]) => everything || asked.includes(name.toLowerCase()))
    .map(
      ([name, fields]) =>
        `# ${name}\r\n${Object.entries(fields)
          .map(([field, value]) => `${field}:${value}\r\n`)
          .join("")}`,
    )
    .join("\r\n");
}

function sections(server: Server): Record<string, Record<string, string | number>> {
  const { stats, clock } = server;
  const uptimeSeconds = Math.max(0, Math.floor((clock.nowMs - server.startedAtMs) / 1000));
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  const clients = [...server.clients];
  return {
    Server: {
      redis_version: VERSION,
      redis_mode: "standalone",
      redis_build_id: "redis-sessions-workbook-embedded",
      process_id: process.pid,
      tcp_port: server.port,
      server_time_usec: clock.nowUs,
      uptime_in_seconds: uptimeSeconds,
      uptime_in_days: Math.floor(uptimeSeconds / 86_400),
    },
    Clients: {
      connected_clients: clients.length,
      blocked_clients: server.blocked.size,
      tracking_clients: clients.filter((client) => client.tracking).length,
    },
    Memory: { used_memory: memory.heapUsed + memory.external, used_memory_rss: memory.rss },
    Persistence: { loading: 0, aof_enabled: 0 },
    Stats: {
      total_connections_received: stats.connections,
      total_commands_processed: stats.commands,
      expired_keys: stats.expiredKeys,
      keyspace_hits: stats.keyspaceHits,
      keyspace_misses: stats.keyspaceMisses,
      pubsub_channels: server.pubsub.channels.size,
      pubsub_patterns: server.pubsub.patterns.size,
      tracking_total_keys: server.tracking.keyCount,
      tracking_total_prefixes: server.tracking.prefixCount,
    },
    Replication: { role: "master", connected_slaves: 0 },
    CPU: {
      used_cpu_sys: (cpu.system / 1e6).toFixed(6),
      used_cpu_user: (cpu.user / 1e6).toFixed(6),
    },
    Cluster: { cluster_enabled: 0 },
    Keyspace: Object.fromEntries(
      server.databases
        .filter((database) => database.size > 0)
        .map((database) => [
          `db${database.index}`,
          `keys=${database.size},expires=${database.volatileSize},avg_ttl=${database.averageTtlMs}`,
        ]),
    ),
  };
}
