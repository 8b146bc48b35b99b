import { findRedisServers } from "../../../engine/redis/find-redis-server.ts";

/** Whether this machine has a real server to compare with. */
export const hasRedisServer = findRedisServers(process.env).length > 0;
