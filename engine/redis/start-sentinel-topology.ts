import path from "node:path";
import { createTemporaryFolder } from "../process/create-temporary-folder.ts";
import { findFreePort } from "../process/find-free-port.ts";
import type { StartedGate } from "./gate.ts";
import { TopologyActions, type TopologyVerb } from "./topology/topology-actions.ts";
import { createSentinelId, sentinelConfig } from "./topology/sentinel-config.ts";
import { SentinelProcess } from "./topology/sentinel-process.ts";
import { TopologyNode } from "./topology/topology-node.ts";

/** One primary, two replicas, three sentinels: private, without persistence, gone when the parent is gone. */
export interface SentinelTopology extends AsyncDisposable {
  /** Of the servers, e.g. `7.0.15`. */
  readonly version: string;
  /** The name under which the sentinels watch. */
  readonly service: string;
  /** Of the three sentinels. */
  readonly sentinelPorts: readonly number[];
  /** Of the three Redises, in the order redis1, redis2, redis3: what programs send passes them. */
  readonly gates: readonly { readonly name: string; readonly gate: StartedGate }[];
  /** The Redises and sentinels that run at this moment: `redis1`, `sentinel2`. */
  readonly running: readonly string[];
  /** Who is primary at this moment, as the sentinels say: `redis2`. */
  primary(): Promise<string>;
  /** The node that `primary`, `replica` (the first that runs) or a name means now. */
  resolve(name: string): Promise<string>;
  /** Of `redis1`, `sentinel3`, or of the primary of the last look. */
  portOf(name: string): number | undefined;
  /** Of a Redis or a sentinel itself, past its gate. */
  urlOf(name: string): string;
  /** A command past the gates. @throws when that node does not run, or answers with an error */
  command(node: string, ...args: (string | Uint8Array)[]): ReturnType<TopologyNode["command"]>;
  /** `kill primary`, `start redis1`, `wait failover`, `lag replicas`, `heal replicas`; answers what came of it. */
  act(verb: TopologyVerb, target: string): Promise<string>;
}

const SERVICE = "bookshop";
const REDISES = ["redis1", "redis2", "redis3"] as const;
const SENTINELS = ["sentinel1", "sentinel2", "sentinel3"] as const;
const QUORUM = 2;

/**
 * Starts the topology from one program, and answers when it could fail over: both replicas are in step, and the
 * sentinels know everybody.
 * @param file a redis-server
 * @throws ServerUnusable when it is too old or does not start
 */
export async function startSentinelTopology(file: string): Promise<SentinelTopology> {
  const started: AsyncDisposable[] = [];
  const stop = async () => {
    // The last one first: the sentinels must not see a primary die.
    for (const each of started.splice(0).toReversed()) await each[Symbol.asyncDispose]();
  };
  try {
    return await start(file, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  file: string,
  started: AsyncDisposable[],
  stop: () => Promise<void>,
): Promise<SentinelTopology> {
  const folder = createTemporaryFolder("sentinel");
  started.push(folder);
  const nodes = await Promise.all(
    REDISES.map(async (name) => {
      const node = await TopologyNode.create(name, file);
      started.push(node);
      return node;
    }),
  );
  const [first, ...others] = nodes;
  if (first === undefined) throw new Error("There is no first node");
  const identities = await identify();
  const sentinels = SENTINELS.map((name, at) => {
    const port = identities[at]?.port ?? 0;
    const config = path.join(folder.path, `${name}.conf`);
    return new SentinelProcess(name, { file, port, config });
  });
  started.push(...sentinels);
  await first.start(undefined);
  await Promise.all([
    ...others.map(async (node) => await node.start(first.port)),
    ...sentinels.map(async (sentinel, at) => {
      const own = identities[at];
      if (own === undefined) return;
      await sentinel.start(
        sentinelConfig({
          service: SERVICE,
          own,
          others: identities.filter((each) => each !== own),
          primaryPort: first.port,
          replicaPorts: others.map(({ port }) => port),
          quorum: QUORUM,
        }),
      );
    }),
  ]);
  const actions = new TopologyActions(SERVICE, nodes, sentinels);
  await actions.untilWell(first);
  return {
    version: first.version,
    service: SERVICE,
    sentinelPorts: sentinels.map(({ port }) => port),
    gates: nodes.map(({ name, gate }) => ({ name, gate })),
    get running() {
      return [...nodes, ...sentinels].filter(({ isRunning }) => isRunning).map(({ name }) => name);
    },
    primary: async () => (await actions.primary()).name,
    resolve: async (name) => await actions.resolve(name),
    portOf: (name) => actions.portOf(name),
    urlOf: (name) => actions.urlOf(name),
    command: async (node, ...args) => await actions.command(node, ...args),
    act: async (verb, target) => await actions.act(verb, target),
    [Symbol.asyncDispose]: stop,
  };
}

/** Ports that are free now and not equal: sentinels name each other before any of them runs. */
async function identify(): Promise<{ port: number; id: string }[]> {
  const ports = new Set<number>();
  while (ports.size < SENTINELS.length) ports.add(await findFreePort());
  return [...ports].map((port) => ({ port, id: createSentinelId() }));
}
