import { UserError } from "../errors.ts";
import { setWorkbookRedis } from "./set-workbook-redis.ts";
import type { RedisAddress } from "./resp/redis-connection.ts";

/** What a `redis://` URL says. */
export interface RedisUrl extends RedisAddress {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** For messages: the URL without its password. */
  readonly shown: string;
}

/**
 * Reads a Redis URL: `redis://user:password@host:port/database`, `rediss://` for TLS.
 * @throws UserError when it is none
 */
export function parseRedisUrl(text: string): RedisUrl {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw nonsense(`WORKBOOK_REDIS is ${JSON.stringify(hidePassword(text))}: that is no URL.`);
  }
  if (url.protocol !== "redis:" && url.protocol !== "rediss:") {
    throw nonsense(
      `WORKBOOK_REDIS is ${JSON.stringify(hidePassword(text))}: its scheme is ${url.protocol}// and must be redis:// or rediss://.`,
    );
  }
  const database = url.pathname.replace(/^\//, "");
  if (!/^\d*$/.test(database) || url.hostname === "") {
    throw nonsense(
      url.hostname === ""
        ? `WORKBOOK_REDIS is ${JSON.stringify(hidePassword(text))}: it names no host.`
        : `WORKBOOK_REDIS is ${JSON.stringify(hidePassword(text))}: its database is ${JSON.stringify(database)} and must be a number.`,
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 6379 : Number(url.port),
    tls: url.protocol === "rediss:",
    user: url.username === "" ? undefined : decodeURIComponent(url.username),
    password: url.password === "" ? undefined : decodeURIComponent(url.password),
    database: Number(database),
    shown: hidePassword(text),
  };
}

function hidePassword(text: string): string {
  return text.replace(/(\/\/[^/@]*:)[^@]*@/, "$1***@");
}

function nonsense(message: string): UserError {
  return new UserError(message, { hint: setWorkbookRedis("redis://127.0.0.1:6379/1") });
}
