import type { Client } from "./client.ts";
import { matchesGlob } from "./glob.ts";
import { bulk, PushReply, type Reply } from "./reply.ts";

/** Who listens to which channel. Channels are latin1 strings. */
export class PubSub {
  readonly channels = new Map<string, Set<Client>>();
  readonly patterns = new Map<string, Set<Client>>();
  readonly shardChannels = new Map<string, Set<Client>>();

  /** Sends a message to those who listen; answers how many got it. */
  publish(channel: string, message: Buffer): number {
    const name = bulk(channel);
    let receivers = this.#send(this.channels.get(channel), [bulk("message"), name, message]);
    for (const [pattern, clients] of this.patterns) {
      if (!matchesGlob(pattern, channel)) continue;
      receivers += this.#send(clients, [bulk("pmessage"), bulk(pattern), name, message]);
    }
    return receivers;
  }

  publishToShard(channel: string, message: Buffer): number {
    return this.#send(this.shardChannels.get(channel), [bulk("smessage"), bulk(channel), message]);
  }

  /** Forgets a client whose connection is gone. */
  remove(client: Client): void {
    for (const channel of client.channels) removeFrom(this.channels, channel, client);
    for (const pattern of client.patterns) removeFrom(this.patterns, pattern, client);
    for (const channel of client.shardChannels) removeFrom(this.shardChannels, channel, client);
    client.channels.clear();
    client.patterns.clear();
    client.shardChannels.clear();
  }

  #send(clients: ReadonlySet<Client> | undefined, items: readonly Reply[]): number {
    if (!clients) return 0;
    const push = new PushReply(items);
    for (const client of clients) client.push(push);
    return clients.size;
  }
}

export function addTo(map: Map<string, Set<Client>>, name: string, client: Client): void {
  const clients = map.get(name);
  if (clients) clients.add(client);
  else map.set(name, new Set([client]));
}

export function removeFrom(map: Map<string, Set<Client>>, name: string, client: Client): void {
  const clients = map.get(name);
  clients?.delete(client);
  if (clients?.size === 0) map.delete(name);
}
