import { randomUUID } from "node:crypto";
import { UserError } from "../errors.ts";
import { atExit } from "../process/at-exit.ts";
import { DeadlineError, withDeadline } from "../process/deadline.ts";
import { openRedis } from "./open-redis.ts";
import { parseRedisUrl, type RedisUrl } from "./parse-redis-url.ts";
import { isRecentEnough, readServerFacts } from "./read-server-facts.ts";
import type { RedisConnection } from "./resp/redis-connection.ts";
import { setWorkbookRedis, unsetWorkbookRedis } from "./set-workbook-redis.ts";

/** The one key of ours in somebody's Redis: says that a run is using the database. */
export const LOCK_KEY = "workbook:lock";
const LOCK_MS = 30_000;
const RENEW_MS = 10_000;
const ANSWER_DEADLINE_MS = 5000;

/** Somebody's own Redis, lent to this run. */
export interface ExternalRedis {
  readonly url: RedisUrl;
  readonly version: string;
  readonly connection: RedisConnection;
  /** Deletes what the run has left in the database, and the lock. */
  release(): Promise<void>;
}

/**
 * Takes the database that WORKBOOK_REDIS names: it must be empty, and is locked while we use it.
 * @throws UserError with what is in the way
 */
export async function useExternalRedis(text: string): Promise<ExternalRedis> {
  const url = parseRedisUrl(text);
  const connection = await connect(url);
  try {
    return await take(url, connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function connect(url: RedisUrl): Promise<RedisConnection> {
  try {
    return await withDeadline(openRedis(url), ANSWER_DEADLINE_MS, "Redis");
  } catch (error) {
    throw explain(url, error);
  }
}

/** Low-level failures in words, each with what to do. */
function explain(url: RedisUrl, error: unknown): UserError {
  const text = error instanceof Error ? error.message : String(error);
  const say = (what: string, hint = unsetWorkbookRedis()) =>
    new UserError(`WORKBOOK_REDIS is ${url.shown}: ${what}`, { hint, cause: error });
  if (text.startsWith("NOAUTH")) {
    return say(
      "this Redis asks for a password.",
      setWorkbookRedis(url.shown.replace("://", "://:PASSWORD@")),
    );
  }
  if (/^(WRONGPASS|ERR invalid password|ERR AUTH|ERR Client sent AUTH)/.test(text)) {
    return say(
      `this Redis refuses the password (${text}).`,
      setWorkbookRedis(url.shown.replace(/:[^/@]*@/, ":PASSWORD@")),
    );
  }
  if (/DB index is out of range|invalid DB index/.test(text)) {
    return say(
      `this Redis has no database ${url.database}.`,
      setWorkbookRedis(withDatabase(url, 1)),
    );
  }
  if (error instanceof DeadlineError) {
    return say(`nothing answered within ${ANSWER_DEADLINE_MS / 1000} s.`);
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return say(`nothing listens on ${url.host}, port ${url.port}.`);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return say(`no host is called ${url.host}.`);
  return say(`it cannot be used (${text}).`);
}

async function take(url: RedisUrl, connection: RedisConnection): Promise<ExternalRedis> {
  const { version } = await readServerFacts(connection);
  if (!isRecentEnough(version)) {
    throw new UserError(
      `WORKBOOK_REDIS is ${url.shown}: this is Redis ${version}, and 7.0 or later is needed.`,
      { hint: unsetWorkbookRedis() },
    );
  }
  const run = randomUUID();
  let locked: unknown;
  try {
    locked = await connection.command("SET", LOCK_KEY, run, "NX", "PX", String(LOCK_MS));
  } catch (error) {
    throw explain(url, error);
  }
  if (locked !== "OK") {
    throw new UserError(
      `WORKBOOK_REDIS is ${url.shown}: another run of the workbook is using this database.`,
      { hint: setWorkbookRedis(withDatabase(url, await findEmptyDatabase(url, connection))) },
    );
  }
  const size = Number(await connection.command("DBSIZE")) - 1;
  if (size > 0) {
    await connection.command("DEL", LOCK_KEY);
    throw new UserError(
      `WORKBOOK_REDIS is ${url.shown}: its database ${url.database} is not empty (${size === 1 ? "1 key" : `${size} keys`}). The workbook uses only an empty one.`,
      { hint: setWorkbookRedis(withDatabase(url, await findEmptyDatabase(url, connection))) },
    );
  }
  return { url, version, connection, release: keepLocked(connection, run) };
}

function keepLocked(connection: RedisConnection, run: string): () => Promise<void> {
  const timer = setInterval(() => {
    // SET and not PEXPIRE: the program may have flushed the database.
    connection.command("SET", LOCK_KEY, run, "PX", String(LOCK_MS)).catch(() => {});
  }, RENEW_MS);
  timer.unref();
  let released: Promise<void> | undefined;
  const release = async () => {
    clearInterval(timer);
    forget();
    try {
      await withDeadline(deleteAll(connection), ANSWER_DEADLINE_MS, "Redis");
    } catch {
      // It is gone: the lock ends by its TTL.
    }
    connection.close();
  };
  const once = async () => await (released ??= release());
  const forget = atExit({ endNow: () => connection.close(), end: once });
  return once;
}

/** The database was empty when it was locked: what is in it now, the run has made. The lock goes last. */
async function deleteAll(connection: RedisConnection): Promise<void> {
  let cursor = "0";
  do {
    const page = await connection.command("SCAN", cursor, "COUNT", "1000");
    if (!Array.isArray(page) || !Array.isArray(page[1])) return;
    cursor = String(page[0]);
    const keys = page[1].filter(
      (key): key is string | Uint8Array =>
        (typeof key === "string" || key instanceof Uint8Array) && key !== LOCK_KEY,
    );
    if (keys.length > 0) await connection.command("UNLINK", ...keys);
  } while (cursor !== "0");
  await connection.command("DEL", LOCK_KEY);
}

async function findEmptyDatabase(url: RedisUrl, connection: RedisConnection): Promise<number> {
  const info = String(await connection.command("INFO", "keyspace"));
  const used = new Set([...info.matchAll(/^db(\d+):/gm)].map((match) => Number(match[1])));
  used.add(url.database);
  let empty = 0;
  while (used.has(empty)) empty += 1;
  return empty;
}

function withDatabase(url: RedisUrl, database: number): string {
  return `${url.shown.replace(/^(rediss?:\/\/[^/]*).*$/, "$1")}/${database}`;
}
