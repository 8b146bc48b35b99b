import type { Socket } from "node:net";
import { Client, type Connection } from "./client.ts";
import { dispatch } from "./dispatch.ts";
import { ErrorReply } from "./reply.ts";
import { ProtocolError, RequestParser } from "./request-parser.ts";
import type { Server } from "./server.ts";

/** What a client may send ahead while it is blocked before it is no longer read. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
/** Replies that a client has not read before its requests are no longer read. */
const MOST_UNREAD_BYTES = 256 * 1024 * 1024;
/** Redis's limits for subscribers: at once, and for longer than a time. */
const SUBSCRIBER_HARD_BYTES = 32 * 1024 * 1024;
const SUBSCRIBER_SOFT_BYTES = 8 * 1024 * 1024;
const SUBSCRIBER_SOFT_MS = 60_000;

/** Makes a client of a socket. */
export function acceptConnection(server: Server, socket: Socket): Client {
  return new TcpConnection(server, socket).client;
}

/** One TCP connection: bytes to requests, replies to bytes. */
class TcpConnection implements Connection {
  readonly client: Client;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #parser = new RequestParser();
  #flushScheduled = false;
  #working = false;
  #overSoftLimitSince: number | undefined;

  constructor(
    private readonly server: Server,
    private readonly socket: Socket,
  ) {
    this.remoteAddress = `${socket.remoteAddress ?? "?"}:${socket.remotePort ?? 0}`;
    this.localAddress = `${socket.localAddress ?? "?"}:${socket.localPort ?? 0}`;
    this.client = server.addClient(this);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => this.#regulate());
    socket.on("error", () => socket.destroy());
    // A blocked client that hangs up is out of its queues at once: nobody's item may go to it.
    socket.on("end", () => {
      if (this.client.blocked) server.removeClient(this.client);
    });
    socket.on("close", () => server.removeClient(this.client));
  }

  outputReady(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    process.nextTick(() => this.#flush());
  }

  /** After a block: goes on with the requests that came meanwhile. */
  resume(): void {
    setImmediate(() => {
      this.#work();
      this.#regulate();
    });
  }

  close(): void {
    this.client.closing = true;
    this.#flush();
    this.socket.end();
    this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#parser.push(chunk);
    this.#work();
    this.#regulate();
  }

  #work(): void {
    if (this.#working) return;
    this.#working = true;
    try {
      while (
        this.client.mayWork &&
        this.socket.writableLength + this.client.output.length < MOST_UNREAD_BYTES
      ) {
        const args = this.#parser.next();
        if (!args) break;
        dispatch(this.client, args);
        // A long pipeline's replies go out while it is worked on.
        if (this.client.output.length > 64 * 1024) this.#flush();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = false;
    }
    if (this.client.closing && !this.client.closed) this.close();
  }

  #fail(error: unknown): void {
    const text =
      error instanceof ProtocolError
        ? `ERR Protocol error: ${error.message}`
        : `ERR internal error: ${error instanceof Error ? error.message : String(error)}`;
    this.client.push(new ErrorReply(text));
    this.client.closing = true;
  }

  #flush(): void {
    this.#flushScheduled = false;
    if (this.client.output.length === 0) return;
    const bytes = this.client.output.take();
    if (!this.socket.destroyed) this.socket.write(bytes);
    this.#checkSubscriber();
  }

  /** Reads on or stops reading, by how much waits on either side. */
  #regulate(): void {
    const full =
      (this.#parser.waitingBytes > MOST_WAITING_BYTES && !this.client.mayWork) ||
      this.socket.writableLength >= MOST_UNREAD_BYTES;
    if (full) this.socket.pause();
    else if (this.socket.isPaused()) {
      this.socket.resume();
      this.#work();
    }
    if (this.socket.writableLength < SUBSCRIBER_SOFT_BYTES) this.#overSoftLimitSince = undefined;
  }

  /** A subscriber that does not read is cut off, by Redis's `client-output-buffer-limit pubsub`. */
  #checkSubscriber(): void {
    if (this.client.subscriptions === 0 && !this.client.monitors) return;
    const unread = this.socket.writableLength;
    if (unread > SUBSCRIBER_HARD_BYTES) {
      this.socket.destroy();
      return;
    }
    if (unread <= SUBSCRIBER_SOFT_BYTES) {
      this.#overSoftLimitSince = undefined;
      return;
    }
    this.#overSoftLimitSince ??= Date.now();
    if (Date.now() - this.#overSoftLimitSince > SUBSCRIBER_SOFT_MS) this.socket.destroy();
  }
}
