import type { createClient } from "redis";

/** Everything that your app gets from outside. It is handed to `createApp`. */
export interface Context {
  /**
   * A connected node-redis client that fails fast: a command that is not answered within 500 ms
   * rejects, and while there is no connection every command rejects at once.
   */
  readonly redis: ReturnType<typeof createClient>;
  /** The address of the same Redis, for those who bring a client of their own. */
  readonly redisUrl: string;
  /** Signs the session cookie. */
  readonly secret: string;
  readonly settings: Settings;
  /** Whether this account exists and has this password. Names are lower case. */
  readonly verifyPassword: (name: string, password: string) => Promise<boolean>;
}

/** Other numbers in every installation: read them, don't write them down. */
export interface Settings {
  /** A session ends so many seconds after its last request, e.g. 1800. */
  readonly sessionSeconds: number;
  /** How long an unused token works, in seconds, e.g. 2,592,000 (30 days). */
  readonly rememberSeconds: number;
  /** For how many seconds a replaced token still signs in, e.g. 10. */
  readonly graceSeconds: number;
}
