import type { Client } from "./client.ts";
import type { Reply } from "./reply.ts";
import { RedisError } from "./redis-error.ts";
import { ErrorReply } from "./reply.ts";

/** What a blocked command waits for. */
export interface BlockRequest {
  /** Keys of the client's database, in the order in which they are preferred. */
  readonly keys: readonly string[];
  /** 0: for ever. */
  readonly timeoutMs: number;
  /** Tries again after `key` was written; undefined: goes on waiting. May throw a RedisError. */
  attempt(key: string): Reply | undefined;
  readonly onTimeout: Reply;
}

export interface BlockedClient extends BlockRequest {
  readonly client: Client;
  readonly database: number;
  readonly timer: NodeJS.Timeout | undefined;
}

/** Who waits for which key, in the order in which they came. */
export class BlockedClients {
  readonly #waiting = new Map<string, Set<BlockedClient>>();
  readonly #all = new Map<Client, BlockedClient>();
  #ready = new Map<string, { database: number; key: string }>();

  get size(): number {
    return this.#all.size;
  }

  add(client: Client, request: BlockRequest): void {
    const database = client.database;
    const timer =
      request.timeoutMs > 0
        ? setTimeout(
            () => this.end(client, request.onTimeout),
            Math.min(request.timeoutMs, 2 ** 31 - 1),
          )
        : undefined;
    const blocked: BlockedClient = {
      keys: request.keys,
      timeoutMs: request.timeoutMs,
      onTimeout: request.onTimeout,
      attempt: (key) => request.attempt(key),
      client,
      database,
      timer,
    };
    this.#all.set(client, blocked);
    for (const key of request.keys) {
      const id = `${database}:${key}`;
      const queue = this.#waiting.get(id);
      if (queue) queue.add(blocked);
      else this.#waiting.set(id, new Set([blocked]));
    }
    client.blocked = blocked;
  }

  /** Remembers that a key was written; `serveReady` looks at it when the command is done. */
  signal(database: number, key: string): void {
    if (this.#all.size === 0) return;
    const id = `${database}:${key}`;
    if (this.#waiting.has(id)) this.#ready.set(id, { database, key });
  }

  /** Serves those whose keys were written, those who came first first, until nothing is ready. */
  serveReady(): void {
    while (this.#ready.size > 0) {
      const ready = this.#ready;
      this.#ready = new Map();
      for (const [id, { key }] of ready) {
        for (const blocked of this.#waiting.get(id) ?? []) {
          const reply = tryAgain(blocked, key);
          if (reply !== undefined) this.end(blocked.client, reply);
        }
      }
    }
  }

  /** Lets a client go on, with a reply (or without, when its connection is gone). */
  end(client: Client, reply?: Reply): boolean {
    const blocked = this.#all.get(client);
    if (!blocked) return false;
    this.#all.delete(client);
    clearTimeout(blocked.timer);
    for (const key of blocked.keys) {
      const id = `${blocked.database}:${key}`;
      const queue = this.#waiting.get(id);
      queue?.delete(blocked);
      if (queue?.size === 0) this.#waiting.delete(id);
    }
    client.blocked = undefined;
    if (reply !== undefined) client.reply(reply);
    client.resume();
    return true;
  }
}

function tryAgain(blocked: BlockedClient, key: string): Reply | undefined {
  try {
    return blocked.attempt(key);
  } catch (error) {
    if (error instanceof RedisError) return new ErrorReply(error.message);
    throw error;
  }
}
