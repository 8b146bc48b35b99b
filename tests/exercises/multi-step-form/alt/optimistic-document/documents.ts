import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import type { Booking } from "../../starter/context.ts";
import type { Draft } from "../../starter/steps.ts";

/** All that is known of a browser, in one JSON text. */
export interface Document {
  readonly draft: Draft;
  /** The bookings of this browser by their reference. */
  readonly bookings: Readonly<Record<string, Booking>>;
  /** The one that a repeated submit leads to. */
  readonly last?: string | undefined;
  /** Until when, in milliseconds since 1970, the draft is being booked. */
  readonly bookingUntil?: number | undefined;
}

export const EMPTY: Document = { draft: {}, bookings: {} };

/** Plain and slow: reads the document, changes it, writes it if nobody has meanwhile. */
export class Documents {
  readonly #client: Redis;
  readonly #lifeSeconds: number;
  /** WATCH belongs to a connection: one change after the other. */
  #last: Promise<unknown> = Promise.resolve();

  static async connect(url: string, lifeSeconds: number): Promise<Documents> {
    const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
    client.on("error", () => {});
    await client.connect();
    return new Documents(client, lifeSeconds);
  }

  private constructor(client: Redis, lifeSeconds: number) {
    this.#client = client;
    this.#lifeSeconds = lifeSeconds;
  }

  async read(browser: string): Promise<Document> {
    return parse(await this.#client.get(keyOf(browser)));
  }

  /** `change` answers the new document, or undefined to leave it, and a result. */
  change<T>(
    browser: string,
    change: (document: Document) => readonly [Document | undefined, T],
  ): Promise<T> {
    const mine = this.#last.catch(() => {}).then(async () => await this.#try(browser, change));
    this.#last = mine;
    return mine;
  }

  async #try<T>(
    browser: string,
    change: (document: Document) => readonly [Document | undefined, T],
  ): Promise<T> {
    const key = keyOf(browser);
    for (;;) {
      await this.#client.watch(key);
      const [after, result] = change(parse(await this.#client.get(key)));
      if (after === undefined) {
        await this.#client.unwatch();
        return result;
      }
      const write = this.#client.multi().set(key, JSON.stringify(after), "EX", this.#lifeSeconds);
      if ((await write.exec()) !== null) return result;
    }
  }
}

function parse(text: string | null): Document {
  return text === null ? EMPTY : (JSON.parse(text) as Document);
}

/** Who reads the keys of Redis cannot make a cookie of them. */
function keyOf(browser: string): string {
  return `browser:${createHash("sha256").update(browser).digest("base64url")}`;
}
