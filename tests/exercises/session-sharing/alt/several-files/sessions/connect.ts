import { Redis } from "ioredis";

/** An ioredis client that answers at once when Redis is gone, and after `commandTimeout` ms when it is stuck. */
export async function connect(url: string, commandTimeout: number): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout,
    retryStrategy: () => 50,
  });
  redis.on("error", () => {});
  await redis.connect();
  return redis;
}
