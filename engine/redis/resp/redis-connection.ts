import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Deferred, deferred } from "../../process/deferred.ts";
import type { RedisValue } from "../provide-redis.ts";
import { encodeCommand } from "./encode-command.ts";
import { RespReader } from "./resp-reader.ts";
import { RespError, type RespValue, toRedisValue } from "./resp-value.ts";

/** Redis answered with an error; `message` is its own text. */
export class RedisReplyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RedisReplyError";
  }
}

/** Where a Redis is and how to get in. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tls?: boolean;
}

/**
 * One connection with nothing but commands: the redis package costs 60 ms to load, this none.
 * It never reconnects.
 */
export class RedisConnection {
  readonly socket: Socket;
  readonly #waiting: Deferred<RespValue>[] = [];
  #failure: Error | undefined;

  private constructor(socket: Socket, keepStatuses: boolean) {
    this.socket = socket;
    socket.setNoDelay(true);
    const reader = new RespReader((frame) => {
      if (frame.type !== ">") this.#waiting.shift()?.resolve(frame.value);
    });
    reader.keepStatuses = keepStatuses;
    socket.on("data", (chunk: Buffer) => {
      try {
        reader.feed(chunk);
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
        socket.destroy();
      }
    });
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("The connection to Redis is closed")));
  }

  /**
   * Connects, or rejects with the socket's own error.
   * @param options.keepStatuses for `send`: tell simple strings from bulk strings
   */
  static async open(
    { host, port, tls = false }: RedisAddress,
    options: { keepStatuses?: boolean } = {},
  ): Promise<RedisConnection> {
    return await new Promise((resolve, reject) => {
      const socket = tls ? connectTls({ host, port, servername: host }) : connect({ host, port });
      socket.once("error", reject);
      socket.once(tls ? "secureConnect" : "connect", () => {
        socket.removeListener("error", reject);
        resolve(new RedisConnection(socket, options.keepStatuses ?? false));
      });
    });
  }

  /** @throws RedisReplyError with the text of Redis; the socket's error when the connection is lost. */
  async command(...args: (string | Uint8Array)[]): Promise<RedisValue> {
    const value = await this.send(...args);
    if (value instanceof RespError) throw new RedisReplyError(value.message);
    return toRedisValue(value);
  }

  /** The reply as it was read, errors included. @throws the socket's error when the connection is lost */
  async send(...args: (string | Uint8Array)[]): Promise<RespValue> {
    if (this.#failure !== undefined) throw this.#failure;
    const waiting = deferred<RespValue>();
    this.#waiting.push(waiting);
    this.socket.write(encodeCommand(args));
    return await waiting.promise;
  }

  close(): void {
    this.#fail(new Error("The connection to Redis is closed"));
    this.socket.destroy();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }
}
