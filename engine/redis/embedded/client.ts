import type { BlockedClient } from "./blocked-clients.ts";
import { CommandContext } from "./command-context.ts";
import { type Protocol, ReplyEncoder } from "./reply-encoder.ts";
import type { Reply } from "./reply.ts";
import type { Server } from "./server.ts";
import type { TrackingMode } from "./tracking.ts";
import type { Transaction } from "./transaction.ts";

/** What a client's connection is to the core: a TCP socket, or nothing for the client of scripts. */
export interface Connection {
  readonly remoteAddress: string;
  readonly localAddress: string;
  /** Something was written to the client's `output`. */
  outputReady(): void;
  /** Parse on: a blocked client goes on. */
  resume(): void;
  /** Closes, after what was written has been sent. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** One client and all that Redis remembers of it. */
export class Client {
  readonly output = new ReplyEncoder();
  readonly context: CommandContext;
  /** The number of its database. */
  database = 0;
  protocol: Protocol = 2;
  name = "";
  readonly createdAtMs: number;
  lastUsedAtMs: number;
  lastCommand = "NULL";
  transaction: Transaction | undefined;
  /** Keys watched as `database:key`; the value says whether it had expired already. */
  readonly watched = new Map<string, boolean>();
  /** A watched key was changed: EXEC will answer nil. */
  spoiled = false;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  replyMode: "on" | "off" | "skip" | "skip next" = "on";
  monitors = false;
  noEvict = false;
  /** CLIENT TRACKING is on. */
  tracking: TrackingMode | undefined;
  /** What it is told of with CLIENT TRACKING … BCAST. */
  readonly trackedPrefixes = new Set<string>();
  /** CLIENT CACHING: holds for the next command or transaction. */
  mayCache = false;
  blocked: BlockedClient | undefined;
  /** Its next request waits: for Lua to be loaded, for the end of CLIENT PAUSE or of a script. */
  suspended = false;
  /** It will be closed when the running command is done. */
  closing = false;
  closed = false;

  constructor(
    readonly server: Server,
    readonly id: number,
    readonly connection: Connection,
    /** The client in whose name scripts call commands: replies go to the script. */
    readonly isScript = false,
  ) {
    this.context = new CommandContext(server, this);
    this.createdAtMs = server.clock.nowMs;
    this.lastUsedAtMs = this.createdAtMs;
  }

  /** How many subscriptions it has; with one or more, RESP2 allows few commands. */
  get subscriptions(): number {
    return this.channels.size + this.patterns.size + this.shardChannels.size;
  }

  /** Sends a reply, unless CLIENT REPLY turned replies off. */
  reply(reply: Reply): void {
    if (this.closed || this.replyMode === "off" || this.replyMode === "skip") return;
    this.output.write(reply, this.protocol);
    this.connection.outputReady();
  }

  /** Sends what no command asked for: a message of a channel, a line of MONITOR. */
  push(reply: Reply): void {
    if (this.closed) return;
    this.output.write(reply, this.protocol);
    this.connection.outputReady();
  }

  /** Whether its next request may be looked at. */
  get mayWork(): boolean {
    return !this.blocked && !this.suspended && !this.closing && !this.closed;
  }

  resume(): void {
    this.suspended = false;
    this.connection.resume();
  }
}
