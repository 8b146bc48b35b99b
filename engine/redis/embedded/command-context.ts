import type { BlockRequest } from "./blocked-clients.ts";
import type { Client } from "./client.ts";
import type { Database, Entry } from "./database.ts";
import { parseInteger } from "./parse-arguments.ts";
import { parseTimeout } from "./parse-timeout.ts";
import { RedisError, wrongType } from "./redis-error.ts";
import { NO_REPLY, type Reply } from "./reply.ts";
import type { Protocol } from "./reply-encoder.ts";
import type { Server } from "./server.ts";
import type { Value } from "./value.ts";
import type { StringValue } from "./values/string.ts";

/** What a handler works with: one for each client. */
export class CommandContext {
  constructor(
    readonly server: Server,
    readonly client: Client,
  ) {}

  /** The client's selected database. */
  get db(): Database {
    return this.server.database(this.client.database);
  }

  get nowMs(): number {
    return this.server.clock.nowMs;
  }

  get protocol(): Protocol {
    return this.client.protocol;
  }

  /** False inside MULTI and scripts, where a blocking command answers at once. */
  get mayBlock(): boolean {
    return !this.client.isScript && !this.server.inTransaction;
  }

  /** The entry of a key, of whatever type; notes its use. */
  entry(key: string): Entry | undefined {
    const entry = this.db.find(key);
    if (entry) {
      entry.usedAtMs = this.nowMs;
      this.server.stats.keyspaceHits += 1;
    } else this.server.stats.keyspaceMisses += 1;
    return entry;
  }

  /**
   * The value of a key, or undefined if there is none.
   * @throws RedisError WRONGTYPE if it is of another class
   */
  read<T extends Value>(
    key: string,
    // A class with any constructor: only `instanceof` is needed.
    type: abstract new (...args: never[]) => T,
  ): T | undefined {
    const entry = this.entry(key);
    if (!entry) return undefined;
    if (entry.value instanceof type) return entry.value;
    throw wrongType();
  }

  /** As `read`; an empty value is put in place (without expiry) if there is none. */
  readOrCreate<T extends Value>(key: string, type: new () => T): T {
    const found = this.read(key, type);
    if (found) return found;
    const created = new type();
    this.db.set(key, created);
    return created;
  }

  /** Creates or replaces a key; its expiry is gone. Tell with `changed`. */
  set(key: string, value: Value, expiresAtMs?: number): void {
    this.db.set(key, value, expiresAtMs);
  }

  /** Notes that a string is an argument of the command itself: OBJECT REFCOUNT counts that too. */
  noteArgument(value: StringValue): StringValue {
    if (!this.client.isScript) this.server.transactionArguments?.set(value, value.bytes);
    return value;
  }

  /** Deletes a key; answers whether it was there (and had not expired). Tell with `changed`. */
  delete(key: string): boolean {
    return this.db.find(key) !== undefined && this.db.delete(key);
  }

  /** To be called after each change of a key: WATCH, blocked clients, keyspace notification. */
  changed(key: string, eventClass: string, event: string): void {
    this.server.touched(this.db, key, this.client);
    this.server.notify(eventClass, event, this.client.database, key);
  }

  /** Blocks the client. Only where `mayBlock`. */
  block(request: BlockRequest): Reply {
    this.server.blocked.add(this.client, request);
    return NO_REPLY;
  }

  /** The timeout of a blocking command, seconds with fractions, as milliseconds. */
  parseTimeout(argument: Buffer): number {
    return parseTimeout(argument);
  }

  /** The timeout of XREAD: whole milliseconds. */
  parseTimeoutMs(argument: Buffer): number {
    const ms = parseInteger(argument, "ERR timeout is not an integer or out of range");
    if (ms < 0) throw new RedisError("ERR timeout is negative");
    return ms;
  }
}
