import { BlockedClients } from "./blocked-clients.ts";
import { Client, type Connection } from "./client.ts";
import { Clock } from "./clock.ts";
import { Database } from "./database.ts";
import { Config } from "./config.ts";
import { dispatch } from "./dispatch.ts";
import { monitorLine } from "./monitor-line.ts";
import { PubSub } from "./pubsub.ts";
import { bulk, ErrorReply, SimpleString } from "./reply.ts";
import { Scripting } from "./scripting/scripting.ts";
import { buildTable, type ResolvedCommand } from "./table.ts";
import { Tracking } from "./tracking.ts";
import type { StringValue } from "./values/string.ts";

const DATABASES = 16;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Keys removed in one turn of the active expiry, so that it never holds up commands for long. */
const MOST_EXPIRED_AT_ONCE = 2000;

/** What all clients share. Knows nothing of sockets. */
export class Server {
  readonly clock = new Clock();
  readonly table: ReadonlyMap<string, ResolvedCommand> = buildTable();
  readonly blocked = new BlockedClients();
  readonly clients = new Set<Client>();
  readonly pubsub = new PubSub();
  readonly tracking = new Tracking(this.clients);
  readonly config = new Config();
  readonly scripting = new Scripting(this);
  readonly monitors = new Set<Client>();
  /** Set by whoever listens for clients: SHUTDOWN ends it. */
  shutDown: () => void = () => {};
  #pause: { untilMs: number; mode: "all" | "write"; timer: NodeJS.Timeout } | undefined;
  readonly #paused: (() => void)[] = [];
  #nextClientId = 3;
  /** What a client that monitors sees of its own command, once it has the reply. */
  #ownLine: (() => void) | undefined;
  readonly startedAtMs = this.clock.nowMs;
  readonly stats = {
    connections: 0,
    commands: 0,
    expiredKeys: 0,
    keyspaceHits: 0,
    keyspaceMisses: 0,
  };
  /** The TCP port; INFO says it. */
  port = 0;
  /** EXEC is running the queue of a client. */
  inTransaction = false;
  /** While EXEC runs: the strings that are arguments of its commands, each with its bytes as they came. */
  transactionArguments: Map<StringValue, Buffer> | undefined;
  /** Clients that watch a key, by `database:key`. */
  readonly #watchers = new Map<string, Set<Client>>();
  readonly #databases: Database[] = Array.from(
    { length: DATABASES },
    (_, index) =>
      new Database(
        this.clock,
        {
          touched: (database, key) => this.touched(database, key),
          expired: (database, key) => this.#expired(database, key),
        },
        index,
      ),
  );

  get databases(): readonly Database[] {
    return this.#databases;
  }

  database(index: number): Database {
    const database = this.#databases[index];
    if (!database) throw new Error(`there is no database ${index}`);
    return database;
  }

  /**
   * A key was changed (by a client, or because its time has come): transactions that watch it are
   * spoiled, clients blocked on it look again, caches are told.
   */
  touched(database: Database, key: string, by?: Client): void {
    this.blocked.signal(database.index, key);
    if (this.#watchers.size > 0) this.#spoil(database, key);
    this.tracking.changed(key, by);
  }

  #spoil(database: Database, key: string): void {
    const id = `${database.index}:${key}`;
    for (const client of this.#watchers.get(id) ?? []) {
      if (client.watched.get(id) === true && !database.find(key)) {
        // It had expired when it was watched, and is only removed now: nothing has changed.
        client.watched.set(id, false);
      } else client.spoiled = true;
    }
  }

  watch(client: Client, key: string): void {
    const id = `${client.database}:${key}`;
    if (client.watched.has(id)) return;
    client.watched.set(id, this.database(client.database).hasExpired(key));
    const watchers = this.#watchers.get(id);
    if (watchers) watchers.add(client);
    else this.#watchers.set(id, new Set([client]));
  }

  unwatch(client: Client): void {
    for (const id of client.watched.keys()) {
      const watchers = this.#watchers.get(id);
      watchers?.delete(client);
      if (watchers?.size === 0) this.#watchers.delete(id);
    }
    client.watched.clear();
    client.spoiled = false;
  }

  /** At EXEC: a watched key that has expired since spoils the transaction. */
  spoilExpired(client: Client): void {
    for (const [id, hadExpired] of client.watched) {
      if (hadExpired) continue;
      const separator = id.indexOf(":");
      // Meeting an expired key removes it, which marks whoever watches it.
      this.database(Number(id.slice(0, separator))).find(id.slice(separator + 1));
    }
  }

  /** Removes all keys of some databases. */
  flush(...databases: readonly Database[]): void {
    this.#spoilWatchers(databases);
    this.#signalAll(...databases);
    this.tracking.changedAll();
    for (const database of databases) database.clear();
  }

  /** SWAPDB */
  swap(first: Database, second: Database): void {
    if (first === second) return;
    this.#spoilWatchers([first, second]);
    this.#signalAll(first, second);
    first.swap(second);
    this.#signalAll(first, second);
  }

  /** Clients that wait for any of the keys look again. */
  #signalAll(...databases: readonly Database[]): void {
    if (this.blocked.size === 0) return;
    for (const database of databases) {
      for (const key of database.keys()) this.blocked.signal(database.index, key);
    }
  }

  #spoilWatchers(databases: readonly Database[]): void {
    for (const [id, clients] of this.#watchers) {
      const separator = id.indexOf(":");
      const index = Number(id.slice(0, separator));
      const key = id.slice(separator + 1);
      if (!databases.some((database) => database.index === index)) continue;
      if (!databases.some((database) => database.find(key))) continue;
      for (const client of clients) client.spoiled = true;
    }
  }

  /** Sends a keyspace notification, if CONFIG asks for that class of events. */
  notify(eventClass: string, event: string, database: number, key: string): void {
    const flags = this.config.keyspaceEvents;
    if (flags.size === 0 || !flags.has(eventClass)) return;
    const name = bulk(event);
    if (flags.has("K")) this.pubsub.publish(`__keyspace@${database}__:${key}`, name);
    if (flags.has("E")) this.pubsub.publish(`__keyevent@${database}__:${event}`, bulk(key));
  }

  /** The error for a command that the state of the server forbids now (BUSY). */
  refusal(_client: Client, command: ResolvedCommand): ErrorReply | undefined {
    return this.scripting.isBusy && !command.flags.has("allow_busy")
      ? this.scripting.busyError
      : undefined;
  }

  /** Puts a request off until Lua is loaded or a pause is over; answers whether it did. */
  postpone(client: Client, command: ResolvedCommand, args: readonly Buffer[]): boolean {
    const paused = this.#isPausedFor(command);
    const waitsForLua = !this.scripting.isLoaded && this.#needsLua(client, command);
    if (!paused && !waitsForLua) return false;
    client.suspended = true;
    const again = (): void => {
      if (client.closed) return;
      client.suspended = false;
      dispatch(client, args);
      if (client.mayWork) client.resume();
    };
    if (paused) this.#paused.push(again);
    else {
      void this.scripting.load().then(again, (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        client.reply(new ErrorReply(`ERR internal error: Lua could not be loaded: ${text}`));
        client.resume();
      });
    }
    return true;
  }

  #needsLua(client: Client, command: ResolvedCommand): boolean {
    if (command.name !== "exec") return this.scripting.isNeededBy(command.name);
    const queue = client.transaction?.queue ?? [];
    return queue.some((queued) => this.scripting.isNeededBy(queued.command.name));
  }

  /** CLIENT PAUSE: `write` lets reading commands pass. */
  pause(ms: number, mode: "all" | "write"): void {
    const until = this.clock.nowMs + ms;
    if (this.#pause && this.#pause.untilMs > until)
      this.#pause.mode = mode === "all" ? mode : this.#pause.mode;
    else {
      clearTimeout(this.#pause?.timer);
      const stricter = this.#pause?.mode === "all" ? "all" : mode;
      const timer = setTimeout(() => this.unpause(), Math.min(ms, LONGEST_TIMER_MS));
      this.#pause = { untilMs: until, mode: stricter, timer };
    }
  }

  unpause(): void {
    clearTimeout(this.#pause?.timer);
    this.#pause = undefined;
    for (const again of this.#paused.splice(0)) again();
  }

  #isPausedFor(command: ResolvedCommand): boolean {
    if (!this.#pause || command.name.startsWith("client|")) return false;
    if (this.#pause.mode === "all") return true;
    return command.writes || ["eval", "evalsha", "publish", "exec"].includes(command.name);
  }

  /** After a reply: a client that monitors sees its own command too. */
  showOwnLine(client: Client): void {
    if (!client.closing) this.#ownLine?.();
    this.#ownLine = undefined;
  }

  /** Shows a command to those who sent MONITOR; passwords are not shown. */
  feedMonitors(client: Client, command: ResolvedCommand, args: readonly Buffer[]): void {
    if (this.monitors.size === 0 || command.flags.has("admin")) return;
    const hidden = bulk("(redacted)");
    const shown = command.name === "auth" ? args.map((arg, at) => (at === 0 ? arg : hidden)) : args;
    const line = new SimpleString(monitorLine(client, shown));
    for (const monitor of this.monitors) {
      if (monitor !== client) monitor.push(line);
      // It sees its own commands after their replies.
      else this.#ownLine = () => monitor.push(line);
    }
  }

  /** Ends a connection; `by` may be the client itself, which first gets its reply. */
  killClient(client: Client, by: Client): void {
    if (client === by) client.closing = true;
    else client.connection.destroy();
  }

  resetStats(): void {
    Object.assign(this.stats, {
      connections: 0,
      commands: 0,
      expiredKeys: 0,
      keyspaceHits: 0,
      keyspaceMisses: 0,
    });
  }

  addClient(connection: Connection): Client {
    this.clock.refresh();
    const client = new Client(this, this.#nextClientId, connection);
    this.#nextClientId += 1;
    this.stats.connections += 1;
    this.clients.add(client);
    return client;
  }

  /** Its connection is gone. */
  removeClient(client: Client): void {
    client.closed = true;
    this.blocked.end(client);
    this.pubsub.remove(client);
    this.monitors.delete(client);
    this.unwatch(client);
    this.tracking.stop(client);
    this.clients.delete(client);
  }

  /** One turn of the active expiry. */
  removeExpired(most = MOST_EXPIRED_AT_ONCE): void {
    // A script that runs has its own moment, and nothing may vanish under it.
    if (this.scripting.isBusy) return;
    this.clock.refresh();
    for (const database of this.#databases) database.removeExpired(most);
    this.blocked.serveReady();
  }

  advanceClock(ms: number): void {
    this.clock.advance(ms);
    this.removeExpired(Number.POSITIVE_INFINITY);
  }

  #expired(database: Database, key: string): void {
    this.stats.expiredKeys += 1;
    this.notify("x", "expired", database.index, key);
  }
}
