import type { createClient } from "redis";
import type { Answers, Step } from "./steps.ts";

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
   * Books a place on the ship and answers the reference, such as `SK-1042`. Each call that
   * resolves has booked one more place. When it rejects, nothing was booked. It takes up to
   * `bookingSeconds`.
   */
  readonly saveBooking: (booking: Booking) => Promise<string>;
}

/** The answers of all steps. */
export type Booking = Readonly<Record<Step, Answers>>;

/** Other numbers in every installation: read them, don't write them down. */
export interface Settings {
  /** How long a draft waits for its next step, in seconds, e.g. 86,400 (one day). */
  readonly draftSeconds: number;
  /** The longest that `saveBooking` takes, in seconds, e.g. 30. */
  readonly bookingSeconds: number;
  /** The most characters that an answer may have, e.g. 80. */
  readonly maxAnswerLength: number;
}
