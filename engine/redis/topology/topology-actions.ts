import { waitUntil } from "../../process/deadline.ts";
import type { RedisValue } from "../provide-redis.ts";
import { PATIENT_MS } from "./sentinel-config.ts";
import type { SentinelProcess } from "./sentinel-process.ts";
import type { TopologyNode } from "./topology-node.ts";

/** What can be done to a topology. */
export type TopologyVerb = "kill" | "start" | "wait" | "lag" | "heal";

/** After a primary was killed: the shortest time that is no hiccup on a busy machine. */
const IMPATIENT_MS = 500;
const DEADLINE_MS = 40_000;

/** Finds out how a topology is, and changes it. */
export class TopologyActions {
  readonly #service: string;
  readonly #nodes: readonly TopologyNode[];
  readonly #sentinels: readonly SentinelProcess[];
  /** Who was primary when somebody last looked. */
  #primary: TopologyNode;
  /** Sentinels that wait for a failover. */
  readonly #impatient = new Set<SentinelProcess>();
  /** Killed while it was the primary: started again it takes itself for one. */
  readonly #wasPrimary = new Set<TopologyNode>();

  constructor(
    service: string,
    nodes: readonly TopologyNode[],
    sentinels: readonly SentinelProcess[],
  ) {
    const [first] = nodes;
    if (first === undefined) throw new Error("A topology needs a node");
    this.#service = service;
    this.#nodes = nodes;
    this.#sentinels = sentinels;
    this.#primary = first;
  }

  /** Whom the first sentinel that runs takes for the primary. */
  async primary(): Promise<TopologyNode> {
    const sentinel = this.#sentinels.find(({ isRunning }) => isRunning);
    const port = sentinel === undefined ? undefined : await this.#primaryPort(sentinel);
    this.#primary = this.#nodes.find((node) => node.port === port) ?? this.#primary;
    return this.#primary;
  }

  async resolve(name: string): Promise<string> {
    if (name === "primary") return (await this.primary()).name;
    if (name !== "replica") return name;
    const primary = await this.primary();
    const replica = this.#nodes.find((node) => node !== primary && node.isRunning);
    return replica?.name ?? name;
  }

  portOf(name: string): number | undefined {
    if (name === "primary") return this.#primary.port;
    return [...this.#nodes, ...this.#sentinels].find((each) => each.name === name)?.port;
  }

  urlOf(name: string): string {
    return `redis://127.0.0.1:${this.#find(name).serverPort}`;
  }

  async command(name: string, ...args: (string | Uint8Array)[]): Promise<RedisValue> {
    return await this.#find(await this.resolve(name)).command(...args);
  }

  async act(verb: TopologyVerb, target: string): Promise<string> {
    switch (verb) {
      case "kill":
        return await this.#kill(target);
      case "start":
        return await this.#start(target);
      case "wait":
        return await this.#waitForFailover();
      case "lag": {
        const primary = await this.primary();
        await this.untilWell(primary);
        primary.holdReplication();
        return `what ${primary.name} writes no longer reaches its replicas`;
      }
      case "heal": {
        const primary = await this.primary();
        primary.letReplicationGo();
        await this.untilWell(primary);
        return `the replicas have all that ${primary.name} has`;
      }
    }
  }

  /**
   * Resolves when this node is the primary for everybody, its replicas that run have all that it has, and the sentinels
   * know all of them.
   * @throws when that does not come true
   */
  async untilWell(primary: TopologyNode): Promise<void> {
    await this.#until(
      `${primary.name} and its replicas in step`,
      async () => (await this.#isInStep(primary)) && (await this.#isKnown(primary)),
    );
  }

  async #kill(target: string): Promise<string> {
    const primary = await this.primary();
    const names =
      target === "replicas"
        ? this.#nodes.filter((node) => node !== primary).map(({ name }) => name)
        : [await this.resolve(target)];
    const killed = names.map((name) => this.#find(name));
    await Promise.all(killed.map(async (each) => await each.kill()));
    const isPrimary = killed.some((each) => each === primary);
    if (isPrimary) {
      this.#wasPrimary.add(primary);
      for (const sentinel of this.#sentinels) {
        if (!sentinel.isRunning) continue;
        await this.#setPatience(sentinel, IMPATIENT_MS);
        this.#impatient.add(sentinel);
      }
    } else {
      await this.#untilNoticed(primary);
    }
    const verb = names.length === 1 ? "is" : "are";
    return `${names.join(" and ")}${isPrimary ? ", the primary," : ""} ${verb} killed (SIGKILL)`;
  }

  /** The primary must know which replicas are gone: else it counts them for some milliseconds more. */
  async #untilNoticed(primary: TopologyNode): Promise<void> {
    if (!primary.isRunning || primary.isHolding) return;
    const left = this.#nodes.filter((node) => node !== primary && node.isRunning).length;
    await this.#until("the primary's notice of its replicas", async () => {
      const facts = await primary.replication();
      return Number(facts.get("connected_slaves")) === left;
    });
  }

  async #start(target: string): Promise<string> {
    const sentinel = this.#sentinels.find(({ name }) => name === target);
    if (sentinel !== undefined) {
      await sentinel.start();
      return `${target} is started again`;
    }
    const primary = await this.primary();
    const nodes = this.#nodes.filter(({ name, isRunning }) =>
      target === "replicas" ? !isRunning : name === target,
    );
    await Promise.all(
      nodes.map(async (node) => {
        // As its configuration file would say it.
        await node.start(this.#wasPrimary.delete(node) ? undefined : primary.port);
      }),
    );
    await this.untilWell(primary);
    const names = nodes.map(({ name }) => name);
    return `${names.join(" and ")} ${names.length === 1 ? "runs again, as a replica" : "run again, as replicas"} of ${primary.name}`;
  }

  async #waitForFailover(): Promise<string> {
    const begun = performance.now();
    const before = this.#primary;
    await this.#until("a failover", async () => {
      await this.#calm(before);
      const now = await this.primary();
      return now.isRunning && (await this.#isInStep(now)) && (await this.#isKnown(now));
    });
    const now = this.#primary;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    return now === before
      ? `${now.name} is still the primary`
      : `${now.name} is the primary now, after ${seconds} s`;
  }

  /**
   * A sentinel that knows of the new primary is patient again: it is not connected to it yet, and would soon take it
   * for dead, too.
   */
  async #calm(before: TopologyNode): Promise<void> {
    for (const sentinel of this.#impatient) {
      if ((await this.#primaryPort(sentinel)) === before.port) continue;
      await this.#setPatience(sentinel, PATIENT_MS);
      this.#impatient.delete(sentinel);
    }
  }

  async #isInStep(primary: TopologyNode): Promise<boolean> {
    const facts = await primary.replication();
    if (facts.get("role") !== "master") return false;
    const offset = Number(facts.get("master_repl_offset"));
    const replicas = this.#nodes.filter((node) => node !== primary && node.isRunning);
    const states = await Promise.all(replicas.map(async (node) => await node.replication()));
    return states.every(
      (state) =>
        state.get("role") === "slave" &&
        Number(state.get("master_port")) === primary.port &&
        state.get("master_link_status") === "up" &&
        Number(state.get("slave_repl_offset")) >= offset,
    );
  }

  /** Every sentinel that runs could begin a failover from this primary to each of its replicas. */
  async #isKnown(primary: TopologyNode): Promise<boolean> {
    const sentinels = this.#sentinels.filter(({ isRunning }) => isRunning);
    const replicas = this.#nodes.filter((node) => node !== primary && node.isRunning);
    const answers = await Promise.all(
      sentinels.map(async (sentinel) => {
        const master = await sentinel.facts("SENTINEL", "MASTER", this.#service);
        if (Number(master.get("port")) !== primary.port || master.get("flags") !== "master") {
          return false;
        }
        if (Number(master.get("num-other-sentinels")) < sentinels.length - 1) return false;
        const known = await sentinel.list("SENTINEL", "REPLICAS", this.#service);
        return replicas.every(({ port }) =>
          known.some(
            (each) =>
              Number(each.get("port")) === port &&
              each.get("flags") === "slave" &&
              each.get("master-link-status") === "ok" &&
              Number(each.get("master-port")) === primary.port,
          ),
        );
      }),
    );
    return answers.every(Boolean);
  }

  async #primaryPort(sentinel: SentinelProcess): Promise<number | undefined> {
    const reply = await sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", this.#service);
    return Array.isArray(reply) ? Number(reply[1]) : undefined;
  }

  async #setPatience(sentinel: SentinelProcess, ms: number): Promise<void> {
    const option = ["down-after-milliseconds", String(ms)];
    await sentinel.command("SENTINEL", "SET", this.#service, ...option);
  }

  async #until(what: string, condition: () => Promise<boolean>): Promise<void> {
    let failure: unknown;
    const isTrue = await waitUntil(async () => {
      try {
        return await condition();
      } catch (error) {
        // Somebody is not up yet.
        failure = error;
        return false;
      }
    }, DEADLINE_MS);
    if (isTrue) return;
    const why = failure instanceof Error ? ` (${failure.message})` : "";
    throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s${why}`);
  }

  #find(name: string): TopologyNode | SentinelProcess {
    const found = [...this.#nodes, ...this.#sentinels].find((each) => each.name === name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found;
  }
}
