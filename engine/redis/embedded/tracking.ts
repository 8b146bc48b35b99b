import type { Client } from "./client.ts";
import { findKeys } from "./find-keys.ts";
import { bulk, EncodedReply, PushReply, type Reply } from "./reply.ts";
import type { ResolvedCommand } from "./table.ts";

const CHANNEL = bulk("__redis__:invalidate");
/** Their keys are those of the commands that they call. */
const SCRIPTS_THAT_READ = new Set(["eval_ro", "evalsha_ro"]);

/** What CLIENT TRACKING has set for a client. */
export interface TrackingMode {
  /** The id of the client that gets the messages; 0: it gets them itself. */
  readonly redirect: number;
  readonly broadcasts: boolean;
  readonly when: "always" | "optin" | "optout";
  readonly noLoop: boolean;
  /** The client that gets the messages is gone. */
  redirectIsBroken: boolean;
}

/** Client-side caching: who is told that a key has changed. */
export class Tracking {
  /** The clients that may hold a key in their cache, by their ids. Databases are not told apart. */
  readonly #readers = new Map<string, Set<number>>();
  /** Clients that are told of all keys with a prefix, and the keys that have changed (by whom). */
  readonly #prefixes = new Map<
    string,
    { readonly clients: Set<Client>; keys: Map<string, Client | undefined> }
  >();
  /** Once tracking was on, keys are watched, even if nobody is left: as in Redis. */
  #wasUsed = false;
  #broadcastIsDue = false;
  /** Keys (null: all) of which the running client is told after its own reply. */
  #pending: (string | null)[] = [];
  /** The client whose request is being answered. */
  #current: Client | undefined;
  #isExecuting = false;

  constructor(private readonly clients: ReadonlySet<Client>) {}

  get keyCount(): number {
    return this.#readers.size;
  }

  get prefixCount(): number {
    return this.#prefixes.size;
  }

  start(client: Client, mode: TrackingMode, prefixes: readonly string[]): void {
    this.#wasUsed = true;
    client.tracking = mode;
    if (!mode.broadcasts) return;
    for (const prefix of prefixes.length > 0 ? prefixes : [""]) {
      client.trackedPrefixes.add(prefix);
      const listeners = this.#prefixes.get(prefix);
      if (listeners) listeners.clients.add(client);
      else this.#prefixes.set(prefix, { clients: new Set([client]), keys: new Map() });
    }
  }

  stop(client: Client): void {
    for (const prefix of client.trackedPrefixes) {
      const listeners = this.#prefixes.get(prefix);
      listeners?.clients.delete(client);
      if (listeners?.clients.size === 0) this.#prefixes.delete(prefix);
    }
    client.trackedPrefixes.clear();
    if (client.tracking) client.mayCache = false;
    client.tracking = undefined;
  }

  /** Around the answer to a request: its own messages come after its reply. */
  begin(client: Client): () => void {
    const before = this.#current;
    const wasExecuting = this.#isExecuting;
    this.#current = client;
    this.#isExecuting = true;
    return () => {
      this.#current = before;
      this.#isExecuting = wasExecuting;
    };
  }

  /** The reply was sent: what was put off follows. */
  sendPending(client: Client): void {
    this.#isExecuting = false;
    if (this.#pending.length === 0) return;
    for (const key of this.#pending.splice(0)) {
      if (key === null) this.#send(client, noKeys(client));
      else this.#send(client, [bulk(key)]);
    }
  }

  /** A command has read: its client (of a script: the one that called it) is told when a key changes. */
  remember(client: Client, command: ResolvedCommand, args: readonly Buffer[]): void {
    const reader = client.isScript ? this.#current : client;
    const mode = reader?.tracking;
    if (!reader || !mode || mode.broadcasts) return;
    if (!command.flags.has("readonly") || command.flags.has("pubsub")) return;
    if (SCRIPTS_THAT_READ.has(command.name)) return;
    if (mode.when === "optin" && !reader.mayCache) return;
    if (mode.when === "optout" && reader.mayCache) return;
    for (const at of findKeys(command, args) ?? []) {
      const key = args[at]?.toString("latin1") ?? "";
      const readers = this.#readers.get(key);
      if (readers) readers.add(reader.id);
      else this.#readers.set(key, new Set([reader.id]));
    }
  }

  /** A key was changed, by a client or because its time has come. */
  changed(key: string, by: Client | undefined): void {
    if (!this.#wasUsed) return;
    this.#noteForPrefixes(key, by);
    const readers = this.#readers.get(key);
    if (!readers) return;
    this.#readers.delete(key);
    for (const id of readers) {
      const client = this.#find(id);
      if (!client?.tracking || client.tracking.broadcasts) continue;
      if (client.tracking.noLoop && client === this.#current) continue;
      if (client === this.#current && this.#isExecuting) this.#pending.push(key);
      else this.#send(client, [bulk(key)]);
    }
  }

  /** FLUSHALL, FLUSHDB: nothing that is cached holds any longer. */
  changedAll(): void {
    if (!this.#wasUsed) return;
    for (const client of this.clients) {
      if (!client.tracking) continue;
      if (client === this.#current) this.#pending.push(null);
      else this.#send(client, noKeys(client));
    }
    this.#readers.clear();
  }

  #noteForPrefixes(key: string, by: Client | undefined): void {
    for (const [prefix, { keys }] of this.#prefixes) {
      if (!key.startsWith(prefix)) continue;
      keys.set(key, by);
      if (this.#broadcastIsDue) continue;
      // Redis tells of all that has changed when it has worked off what had come.
      this.#broadcastIsDue = true;
      process.nextTick(() => this.#broadcast());
    }
  }

  #broadcast(): void {
    this.#broadcastIsDue = false;
    for (const [, listeners] of inOrder(this.#prefixes)) {
      const changed = inOrder(listeners.keys);
      listeners.keys = new Map();
      if (changed.length === 0) continue;
      for (const client of listeners.clients) {
        const told = changed.filter(([, by]) => !(client.tracking?.noLoop && by === client));
        if (told.length > 0) {
          this.#send(
            client,
            told.map(([key]) => bulk(key)),
          );
        }
      }
    }
  }

  #send(client: Client, keys: Reply): void {
    const mode = client.tracking;
    if (mode && mode.redirect !== 0) {
      const target = this.#find(mode.redirect);
      if (target) this.#sendRedirected(target, keys);
      else {
        mode.redirectIsBroken = true;
        if (client.protocol === 3) {
          client.push(new PushReply([bulk("tracking-redir-broken"), mode.redirect]));
        }
      }
    } else if (client.protocol === 3) client.push(new PushReply([bulk("invalidate"), keys]));
  }

  #sendRedirected(target: Client, keys: Reply): void {
    if (target.protocol === 3) target.push(new PushReply([bulk("invalidate"), keys]));
    else if (target.subscriptions > 0) target.push(new PushReply([bulk("message"), CHANNEL, keys]));
  }

  #find(id: number): Client | undefined {
    for (const client of this.clients) if (client.id === id) return client;
    return undefined;
  }
}

/** Null as the client's own protocol has it, whoever gets it. */
function noKeys(client: Client): EncodedReply {
  return new EncodedReply(bulk(client.protocol === 3 ? "_\r\n" : "$-1\r\n"));
}

function inOrder<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
