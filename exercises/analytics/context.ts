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
  /** Signs the session cookie, and what else you want to sign. The same in every instance of the app. */
  readonly secret: string;
  readonly settings: Settings;
  /** Looks a product up; `null` when there is none with this ID. */
  readonly findProduct: (id: string) => Promise<Product | null>;
  /** The account with this e-mail address and password, or `null`. */
  readonly findAccount: (email: string, password: string) => Promise<Account | null>;
}

/** Other numbers in every installation: read them, don't write them down. */
export interface Settings {
  /** Who viewed a page within so many seconds is active now, e.g. 300. */
  readonly activeSeconds: number;
  /** A visit is over when its visitor viewed no page for longer than this, e.g. 1800. */
  readonly visitGapSeconds: number;
  /** How many days after its own the report of a day is kept, e.g. 30. */
  readonly keepDays: number;
}

export interface Product {
  readonly id: string;
  readonly name: string;
}

export interface Account {
  readonly email: string;
  readonly role: "analyst" | "customer";
}
