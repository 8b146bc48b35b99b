import { createServer, type Server, type Socket } from "node:net";
import { waitUntil } from "../process/deadline.ts";
import { GateConnection, type GateState } from "./gate/gate-connection.ts";
import type { RedisValue, StartedRedis } from "./provide-redis.ts";

/** One command that a program sent, and what came back. */
export interface LoggedCommand {
  /** Grows by one with each command, over all connections of the gate. */
  readonly sequence: number;
  /** Connection of the program, counted from 1. */
  readonly connection: number;
  /** Database that was selected. */
  readonly database: number;
  /** Upper-case name, e.g. `SET`, `CLIENT LIST`. */
  readonly name: string;
  /** The whole command as sent, name included; not UTF-8 shown as \xNN like redis-cli does. */
  readonly args: readonly string[];
  /** HELLO, AUTH, SELECT, CLIENT SETINFO/SETNAME/ID, INFO by a ready check: what a client library sends by itself. */
  readonly handshake: boolean;
  /** Undefined while outstanding. Inside MULTI: the command's own reply, filled in by EXEC. */
  reply?: RedisValue;
  /** The reply was a simple string such as OK. Not known of commands inside MULTI. */
  isStatus?: boolean;
  /** Error reply of Redis (or of the gate's refusal), e.g. `WRONGTYPE Operation …`. */
  error?: string;
}

/**
 * A small RESP proxy in front of the Redis of this run. Programs under grading and in lessons
 * connect to it: it is the only source of the command log, cuts and stalls Redis, refuses
 * commands that would break the grading, and makes races certain.
 */
export interface StartedGate extends AsyncDisposable {
  /** Given to programs as REDIS_URL. Known before the Redis behind it is ready. */
  readonly url: string;
  readonly port: number;
  /**
   * All commands so far, in the order in which they arrived; it ends at 200,000 (listeners still hear of the others).
   * Arguments and strings in replies keep 4 KiB, replies 2000 items; what is cut says how long it was.
   */
  readonly log: readonly LoggedCommand[];
  /**
   * Commands forwarded and not yet answered, held replies included. Not those that wait inside
   * Redis for another client (BLPOP, XREAD BLOCK …): a program is quiet with one of these.
   */
  readonly outstanding: number;
  /** Replies that are kept back at this moment; counted in `outstanding` too. */
  readonly held: number;
  /** A number that changes whenever anything passes in either direction: how quiet is told. */
  readonly activity: number;
  onCommand(listener: (command: LoggedCommand) => void): () => void;
  /** From now on replies are kept back; commands still reach Redis. */
  hold(): void;
  /** Lets go the replies held at this moment (one round) and goes on holding. Answers how many. */
  releaseRound(): number;
  /** Ends holding; everything held goes out in order. */
  letGo(): void;
  /** Redis is gone: connections are reset, new ones refused at once. */
  cut(): void;
  /** Redis is stuck: connections stay, nothing is answered any more. */
  stall(): void;
  /** After cut or stall: Redis is back, with its data; stalled commands are answered. Resolves once it can be reached. */
  restore(): Promise<void>;
  /** Connections open from programs at this moment. */
  readonly connections: number;
}

/** A program that sends commands without end must not fill our memory. */
const LONGEST_LOG = 200_000;
const RESTORE_DEADLINE_MS = 10_000;

/**
 * Starts a gate at once; `redis` may still be starting, connections wait for it.
 * `refuse`: answer SHUTDOWN, CONFIG SET, DEBUG, REPLICAOF/SLAVEOF, ACL, CLIENT KILL and their like with an error
 * instead of forwarding (grading).
 */
export async function startGate(options: {
  redis: StartedRedis | Promise<StartedRedis>;
  refuse: boolean;
}): Promise<StartedGate> {
  const redis = Promise.resolve(options.redis);
  // Whoever provides the Redis hears of its failure; connections are reset by it.
  redis.catch(() => {});
  const log: LoggedCommand[] = [];
  const listeners = new Set<(command: LoggedCommand) => void>();
  const connections = new Set<GateConnection>();
  const sockets = new Set<Socket>();
  let sequence = 0;
  let opened = 0;
  let activity = 0;
  let isHolding = false;
  let isStalled = false;

  const state: GateState = {
    refuse: options.refuse,
    get isHolding() {
      return isHolding;
    },
    get isStalled() {
      return isStalled;
    },
    record(command) {
      const entry: LoggedCommand = { sequence: (sequence += 1), ...command };
      if (log.length < LONGEST_LOG) log.push(entry);
      for (const listener of listeners) listener(entry);
      return entry;
    },
    touch: () => {
      activity += 1;
    },
    forget: (connection) => void connections.delete(connection),
  };
  const accept = (socket: Socket) => {
    activity += 1;
    opened += 1;
    sockets.add(socket);
    socket.once("close", () => {
      activity += 1;
      sockets.delete(socket);
    });
    connections.add(new GateConnection(socket, opened, state, redis));
  };
  let server: Server | undefined = await listen(0, accept);
  const port = portOf(server);
  const resetAll = () => {
    for (const connection of connections) connection.reset();
    connections.clear();
  };
  const sum = (of: "outstanding" | "held") =>
    [...connections].reduce((total, connection) => total + connection[of], 0);
  const release = () =>
    [...connections].reduce((total, connection) => total + connection.release(), 0);

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    log,
    get outstanding() {
      return sum("outstanding");
    },
    get held() {
      return sum("held");
    },
    get activity() {
      return activity;
    },
    get connections() {
      return sockets.size;
    },
    onCommand(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    hold: () => {
      isHolding = true;
    },
    releaseRound: release,
    letGo: () => {
      isHolding = false;
      release();
    },
    cut: () => {
      server?.close();
      server = undefined;
      isStalled = false;
      resetAll();
    },
    stall: () => {
      isStalled = true;
      for (const connection of connections) connection.stall();
    },
    async restore() {
      if (isStalled) {
        isStalled = false;
        for (const connection of connections) connection.resume();
      }
      if (server === undefined) server = await listenAgain(port, accept);
    },
    async [Symbol.asyncDispose]() {
      server?.close();
      server = undefined;
      resetAll();
    },
  };
}

async function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return await new Promise((resolve, reject) => {
    // Half-open: a client that has said all it wants still gets its answers.
    const server = createServer({ allowHalfOpen: true }, accept);
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

/** The port was ours a moment ago; a passing connection of another program may hold it for a while. */
async function listenAgain(port: number, accept: (socket: Socket) => void): Promise<Server> {
  let server: Server | undefined;
  let failure: unknown;
  await waitUntil(async () => {
    server = await listen(port, accept).catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    return server !== undefined;
  }, RESTORE_DEADLINE_MS);
  if (server === undefined) throw failure;
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The gate has no port");
  return address.port;
}
