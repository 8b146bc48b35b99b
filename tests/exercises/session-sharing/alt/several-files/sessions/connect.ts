import { Redis } from "ioredis";

/** An ioredis client that answers at once when Redis is gone, and after 1.5 seconds when it is stuck. */
export async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1500,
    retryStrategy: () => 50,
  });
  redis.on("error", () => {});
  await redis.connect();
  return redis;
}
