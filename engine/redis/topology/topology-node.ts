import type { RedisValue, StartedRedis } from "../provide-redis.ts";
import { type StartedGate, startGate } from "../gate.ts";
import { type StartedRedisServer, startRedisServer } from "../start-redis-server.ts";
import { openRedis } from "../open-redis.ts";
import { parseRedisUrl } from "../parse-redis-url.ts";
import type { RedisConnection } from "../resp/redis-connection.ts";
import { type NodeDoor, openNodeDoor } from "./node-door.ts";

/** A Redis of the topology. It can die and be started again; who it is stays the same. */
export class TopologyNode implements AsyncDisposable {
  readonly name: string;
  readonly gate: StartedGate;
  readonly #door: NodeDoor;
  readonly #file: string;
  #server: StartedRedisServer | undefined;
  #connection: Promise<RedisConnection> | undefined;
  /** Of the server that was started last. A new one after each start: while it is dead, anybody may take the old one. */
  #serverPort = 0;

  private constructor(
    name: string,
    { file, gate, door }: { file: string; gate: StartedGate; door: NodeDoor },
  ) {
    this.name = name;
    this.gate = gate;
    this.#door = door;
    this.#file = file;
  }

  /** Makes a node that does not run yet, but has its port. */
  static async create(name: string, file: string): Promise<TopologyNode> {
    const made: { node?: TopologyNode } = {};
    const behind = () => (made.node === undefined ? 0 : made.node.#serverPort);
    const redis: StartedRedis = {
      kind: "server",
      version: "",
      line: "",
      get url() {
        return `redis://127.0.0.1:${behind()}`;
      },
      notes: [],
      command: async (...args) => (await made.node?.command(...args)) ?? null,
      travel: async () => {},
      offsetMs: 0,
      [Symbol.asyncDispose]: async () => {},
    };
    const gate = await startGate({ redis, refuse: false });
    const door = await openNodeDoor({ server: behind, gatePort: gate.port });
    made.node = new TopologyNode(name, { file, gate, door });
    return made.node;
  }

  /** Where everybody reaches it. */
  get port(): number {
    return this.#door.port;
  }

  /** Past the door and the gate. */
  get serverPort(): number {
    return this.#serverPort;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** Of the server that runs; empty while none does. */
  get version(): string {
    return this.#server?.version ?? "";
  }

  /**
   * Starts it.
   * @param primaryPort where its primary is; undefined: it begins as a primary itself
   * @throws ServerUnusable
   */
  async start(primaryPort: number | undefined): Promise<void> {
    const settings: Record<string, string> = {
      "replica-announce-ip": "127.0.0.1",
      "replica-announce-port": String(this.port),
      "repl-diskless-sync-delay": "0",
      // A lesson may hold a replica back for as long as its reader thinks.
      "repl-timeout": "86400",
      ...(primaryPort === undefined ? {} : { replicaof: `127.0.0.1 ${primaryPort}` }),
    };
    const server = await startRedisServer(this.#file, { settings });
    this.#server = server;
    this.#serverPort = server.port;
    await this.#door.open();
  }

  /** Ends it as a crash does: at once, with nothing sent any more. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#door.shut();
    const connection = this.#connection;
    this.#connection = undefined;
    (await connection?.catch(() => undefined))?.close();
    await server?.stop();
  }

  get isHolding(): boolean {
    return this.#door.isHolding;
  }

  holdReplication(): void {
    this.#door.holdReplication();
  }

  letReplicationGo(): void {
    this.#door.letReplicationGo();
  }

  /** Past the door and the gate. @throws when it does not run */
  async command(...args: (string | Uint8Array)[]): Promise<RedisValue> {
    if (this.#server === undefined) throw new Error(`${this.name} is not running`);
    // A sentinel that makes it a primary or a replica ends all its connections, this one too.
    const before = await this.#connection?.catch(() => undefined);
    if (before === undefined || before.socket.closed) {
      this.#connection = openRedis(parseRedisUrl(`redis://127.0.0.1:${this.#serverPort}`));
    }
    const connection = await this.#connection;
    if (connection === undefined) throw new Error(`${this.name} is not running`);
    return await connection.command(...args);
  }

  /** What INFO replication says, as names and values. @throws when it does not run */
  async replication(): Promise<ReadonlyMap<string, string>> {
    const text = String(await this.command("INFO", "replication"));
    const pairs = text.split(/\r?\n/).map((line) => line.split(":") as [string, string?]);
    return new Map(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#door[Symbol.dispose]();
    await this.gate[Symbol.asyncDispose]();
  }
}
