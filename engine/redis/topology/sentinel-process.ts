import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { RedisValue } from "../provide-redis.ts";
import { type StartedRedisServer, startRedisServer } from "../start-redis-server.ts";
import { QUICK_PERIODS } from "./sentinel-config.ts";

/** A sentinel of the topology. */
export class SentinelProcess implements AsyncDisposable {
  readonly name: string;
  readonly port: number;
  readonly #file: string;
  readonly #config: string;
  #server: StartedRedisServer | undefined;

  /** @param options.config path of its configuration, which it rewrites itself */
  constructor(name: string, options: { file: string; port: number; config: string }) {
    this.name = name;
    this.port = options.port;
    this.#file = options.file;
    this.#config = options.config;
  }

  get serverPort(): number {
    return this.port;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** Starts it; from its first configuration, or from what it has written since. @throws ServerUnusable */
  async start(config?: string): Promise<void> {
    if (config !== undefined) {
      await writeFile(this.#config, `dir ${quote(path.dirname(this.#config))}\n${config}`);
    }
    this.#server = await startRedisServer(this.#file, {
      port: this.port,
      settings: () => [this.#config, "--sentinel"],
    });
    // An old or another server may not know them: it is only slower.
    const periods = Object.entries(QUICK_PERIODS).flatMap(([name, ms]) => [name, String(ms)]);
    await this.command("SENTINEL", "DEBUG", ...periods).catch(() => {});
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.stop();
  }

  /** @throws when it does not run, or answers with an error */
  async command(...args: (string | Uint8Array)[]): Promise<RedisValue> {
    if (this.#server === undefined) throw new Error(`${this.name} is not running`);
    return await this.#server.connection.command(...args);
  }

  /** The entries of a reply that lists names and values, each as a map. */
  async list(...args: string[]): Promise<ReadonlyMap<string, string>[]> {
    const reply = await this.command(...args);
    return (Array.isArray(reply) ? reply : []).map(toMap);
  }

  /** One such entry. */
  async facts(...args: string[]): Promise<ReadonlyMap<string, string>> {
    return toMap(await this.command(...args));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

function toMap(entry: RedisValue): ReadonlyMap<string, string> {
  if (entry instanceof Map) {
    return new Map([...entry].map(([name, value]) => [String(name), String(value)]));
  }
  const flat = Array.isArray(entry) ? entry.map(String) : [];
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? "", flat[at + 1] ?? ""]);
  return new Map(pairs);
}

/** For redis.conf: backslashes of Windows begin escapes there. */
function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\")}"`;
}
