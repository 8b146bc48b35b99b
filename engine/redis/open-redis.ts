import type { RedisUrl } from "./parse-redis-url.ts";
import { RedisConnection } from "./resp/redis-connection.ts";

/**
 * A connection that has logged in, speaks RESP3 and has chosen its database.
 * @throws RedisReplyError with the text of Redis when it refuses
 */
export async function openRedis(url: RedisUrl): Promise<RedisConnection> {
  const connection = await RedisConnection.open(url);
  try {
    if (url.password !== undefined) {
      await connection.command("AUTH", ...(url.user === undefined ? [] : [url.user]), url.password);
    }
    await connection.command("HELLO", "3");
    if (url.database !== 0) await connection.command("SELECT", String(url.database));
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
