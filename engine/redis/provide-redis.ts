import { UserError } from "../errors.ts";
import { startEmbeddedRedis } from "./embedded/start-embedded-redis.ts";
import { findRedisServers, serverName } from "./find-redis-server.ts";
import { openRedis } from "./open-redis.ts";
import { parseRedisUrl } from "./parse-redis-url.ts";
import { ServerUnusable, startRedisServer } from "./start-redis-server.ts";
import { setWorkbookRedis } from "./set-workbook-redis.ts";
import { travelKeys } from "./travel-keys.ts";
import { LOCK_KEY, useExternalRedis } from "./use-external-redis.ts";

/** A Redis that belongs to this run alone, whichever kind it is. */
export interface StartedRedis extends AsyncDisposable {
  readonly kind: "external" | "server" | "embedded" | "sentinel";
  /** As INFO says it, e.g. `7.0.15`. */
  readonly version: string;
  /** One line for people: `Redis: redis-server 7.0.15 from your PATH, a private one on port 41873`. */
  readonly line: string;
  /** Of the Redis itself, past every gate; with its password, where it has one. */
  readonly url: string;
  /** What else is worth a line: a REDIS_URL that was ignored, a server that was passed over. */
  readonly notes: readonly string[];
  /**
   * One command, sent straight to the Redis, past every gate: how a feature looks at keys.
   * Errors of Redis reject with its own text as message.
   */
  command(...args: (string | Uint8Array)[]): Promise<RedisValue>;
  /** Moves time forward by `ms` for every key (see design: Time). Gates in front are told by themselves. */
  travel(ms: number): Promise<void>;
  /** Milliseconds travelled so far. */
  readonly offsetMs: number;
}

/** A reply as plain data. Bulk strings that are not UTF-8 come as Uint8Array. */
export type RedisValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | RedisValue[]
  | Map<RedisValue, RedisValue>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Provides a Redis: `WORKBOOK_REDIS`, else a redis-server or valkey-server on PATH, else the
 * embedded one. `purpose: "grading"` never uses an external one.
 * @throws UserError when WORKBOOK_REDIS is nonsense, unreachable, not empty, refuses the password,
 * or is in use by another run.
 */
export async function provideRedis(options: {
  purpose: "lesson" | "try" | "grading";
  /** Default: process.env. */
  environment?: Environment;
}): Promise<StartedRedis> {
  const environment = options.environment ?? process.env;
  const notes: string[] = [];
  if ((environment["REDIS_URL"] ?? "") !== "") {
    notes.push(
      "REDIS_URL is set and ignored: it may be somebody's real database. WORKBOOK_REDIS would be used.",
    );
  }
  const wish = environment["WORKBOOK_REDIS"]?.trim() ?? "";
  if (wish === "embedded") return await provideEmbedded(notes, "WORKBOOK_REDIS asks for it");
  if (wish === "server") return await provideServer(environment, notes, true);
  if (wish.includes(":")) {
    if (options.purpose !== "grading") return await provideExternal(wish, notes);
    // Said even then: a mistake in it must not wait for the next lesson.
    const { shown } = parseRedisUrl(wish);
    notes.push(`WORKBOOK_REDIS is ${shown}: not used, since grading needs a Redis of its own.`);
  } else if (wish !== "") {
    throw new UserError(
      `WORKBOOK_REDIS is ${JSON.stringify(wish)}: it must be embedded, server, or a URL like redis://127.0.0.1:6379/1.`,
      { hint: setWorkbookRedis("embedded") },
    );
  }
  return await provideServer(environment, notes, false);
}

async function provideExternal(text: string, notes: string[]): Promise<StartedRedis> {
  const redis = await useExternalRedis(text);
  let offsetMs = 0;
  return {
    kind: "external",
    version: redis.version,
    line: `Redis: yours, version ${redis.version}, at ${redis.url.shown} (WORKBOOK_REDIS)`,
    url: text,
    notes,
    command: async (...args) => await redis.connection.command(...args),
    travel: async (ms) => {
      await travelKeys(redis.connection, ms, { databases: "selected", spare: LOCK_KEY });
      offsetMs += ms;
    },
    get offsetMs() {
      return offsetMs;
    },
    [Symbol.asyncDispose]: redis.release,
  };
}

async function provideServer(
  environment: Environment,
  notes: string[],
  forced: boolean,
): Promise<StartedRedis> {
  const files = findRedisServers(environment);
  for (const file of files) {
    try {
      return await runServer(file, notes);
    } catch (error) {
      if (!(error instanceof ServerUnusable)) throw error;
      notes.push(`${file} is passed over: it ${error.message}.`);
    }
  }
  if (!forced) {
    const why =
      files.length === 0 ? "no redis-server on your PATH" : "no usable redis-server on your PATH";
    return await provideEmbedded(notes, why);
  }
  const what =
    files.length === 0
      ? "no redis-server or valkey-server is on your PATH."
      : `none on your PATH can be used. ${notes.filter((note) => note.includes("passed over")).join(" ")}`;
  throw new UserError(`WORKBOOK_REDIS is "server": ${what}`, {
    hint: setWorkbookRedis("embedded"),
  });
}

async function runServer(file: string, notes: string[]): Promise<StartedRedis> {
  const server = await startRedisServer(file);
  let offsetMs = 0;
  return {
    kind: "server",
    version: server.version,
    line: `Redis: ${serverName(file)} ${server.version} from your PATH, a private one on port ${server.port}`,
    url: `redis://127.0.0.1:${server.port}`,
    notes,
    command: async (...args) => await server.connection.command(...args),
    travel: async (ms) => {
      await travelKeys(server.connection, ms, { databases: "all" });
      offsetMs += ms;
    },
    get offsetMs() {
      return offsetMs;
    },
    [Symbol.asyncDispose]: server.stop,
  };
}

async function provideEmbedded(notes: string[], why: string): Promise<StartedRedis> {
  const embedded = await startEmbeddedRedis();
  const connection = await openRedis(parseRedisUrl(embedded.url));
  let offsetMs = 0;
  return {
    kind: "embedded",
    version: embedded.version,
    line: `Redis: the embedded one, as version ${embedded.version}, on port ${embedded.port} (${why})`,
    url: embedded.url,
    notes,
    command: async (...args) => await connection.command(...args),
    travel: async (ms) => {
      await embedded.advanceClock(ms);
      offsetMs += ms;
    },
    get offsetMs() {
      return offsetMs;
    },
    [Symbol.asyncDispose]: async () => {
      connection.close();
      await embedded.stop();
    },
  };
}
