import { parseRedisUrl } from "../parse-redis-url.ts";
import { RedisConnection } from "../resp/redis-connection.ts";
import { RespError } from "../resp/resp-value.ts";

/**
 * A connection for a prompt: in RESP2, in which redis-cli shows replies too, with statuses told from strings.
 * @throws the error of the socket, or of Redis when it refuses the password or the database
 */
export async function logIn(url: string): Promise<RedisConnection> {
  const { user, password, database, ...address } = parseRedisUrl(url);
  const connection = await RedisConnection.open(address, { keepStatuses: true });
  const commands: string[][] = [];
  if (password !== undefined) {
    commands.push(["AUTH", ...(user === undefined ? [] : [user]), password]);
  }
  if (database !== 0) commands.push(["SELECT", String(database)]);
  for (const command of commands) {
    const reply = await connection.send(...command);
    if (!(reply instanceof RespError)) continue;
    connection.close();
    throw new Error(reply.message);
  }
  return connection;
}
