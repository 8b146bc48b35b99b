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
  /**
   * Looks the name up and compares the password. It ignores upper and lower case in the name,
   * and blanks around it. Slow on purpose, and the only thing that knows the accounts.
   */
  readonly verifyPassword: (
    name: string,
    password: string,
  ) => Promise<"right" | "wrong" | "unknown">;
}

/** Other numbers in every installation: read them, don't write them down. */
export interface Settings {
  /** How many proxies stand in front of the app: none (`false`) or one (`1`). */
  readonly trustProxy: false | 1;
  /** Failed logins of one account that a window allows, e.g. 5. */
  readonly accountLimit: number;
  /** Failed logins from one address that a window allows, e.g. 20. */
  readonly addressLimit: number;
  /** Length of the window in seconds, e.g. 900. */
  readonly windowSeconds: number;
}
