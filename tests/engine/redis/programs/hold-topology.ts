// Starts a topology, says where all six listen, and waits to be killed.
import { startSentinelTopology } from "../../../../engine/redis/start-sentinel-topology.ts";

const topology = await startSentinelTopology(process.argv[2] ?? "redis-server");
const ports = topology.running.map((name) => Number(new URL(topology.urlOf(name)).port));
console.log(JSON.stringify(ports));
setInterval(() => {}, 1000);
