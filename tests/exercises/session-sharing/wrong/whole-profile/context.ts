import type { createClient } from "redis";

/** Everything that your programs get from outside. It is handed to `createApp` of each. */
export interface Context {
  /** A connected node-redis client that fails fast: a command without an answer rejects after 500 ms. */
  readonly redis: ReturnType<typeof createClient>;
  /** The address of the same Redis, for those who bring a client of their own. */
  readonly redisUrl: string;
  readonly settings: Settings;
  /** Compares the password. For `main`. */
  readonly findAccount: (name: string, password: string) => Promise<Account | null>;
  /** For `service`. */
  readonly listInvoices: () => Promise<readonly Invoice[]>;
}

export interface Settings {
  readonly cookieName: string;
  /** Newest first: the first one signs, each of them verifies. */
  readonly secrets: readonly string[];
  /** Each key of a session begins with it. */
  readonly prefix: string;
  /** A session ends so many seconds after its last request to `main`. */
  readonly sessionSeconds: number;
}

export interface Account {
  readonly name: string;
  readonly role: "finance" | "customer";
  readonly email: string;
  readonly telephone: string;
}

export interface Invoice {
  readonly number: string;
  readonly amountCents: number;
}
