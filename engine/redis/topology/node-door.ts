import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * Where a node of a topology is reached: by programs, by its replicas, by the sentinels. Programs are
 * passed to the node's gate, so that their commands are seen; the other two straight to the node.
 */
export interface NodeDoor extends Disposable {
  /** The node announces this one. It stays the same when the node is started again. */
  readonly port: number;
  /** The node is gone: connections are reset, new ones refused. */
  shut(): void;
  /** The node is back. */
  open(): Promise<void>;
  /** What the node writes no longer reaches its replicas, and what they say does not reach it; both take the other for well. */
  holdReplication(): void;
  readonly isHolding: boolean;
  letReplicationGo(): void;
}

/** What a door leads to. */
export interface BehindDoor {
  /** Port of the server itself. */
  readonly server: () => number;
  readonly gatePort: number;
}

const HOST = "127.0.0.1";
const PING = "*1\r\n$4\r\nPING\r\n";

/** Opens a door at a free port. */
export async function openNodeDoor(behind: BehindDoor): Promise<NodeDoor> {
  const sockets = new Set<Socket>();
  const links = new Set<readonly [Socket, Socket]>();
  let isHolding = false;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  };
  const goOn = (client: Socket, to: number, first: Buffer) => {
    const inner = connect({ host: HOST, port: to, allowHalfOpen: true });
    keep(inner);
    inner.write(first);
    client.once("close", () => inner.destroy());
    inner.once("close", () => client.destroy());
    return inner;
  };
  const accept = (client: Socket) => {
    keep(client);
    const onFirst = (chunk: Buffer) => {
      const from = whoSpeaks(chunk);
      if (from === "undecided") {
        client.write("+PONG\r\n");
        return;
      }
      client.removeListener("data", onFirst);
      const inner = goOn(client, from === "program" ? behind.gatePort : behind.server(), chunk);
      if (from !== "program") {
        const link = [client, inner] as const;
        if (from === "replica") links.add(link);
        client.once("close", () => links.delete(link));
        // No pipe: it would resume by itself what is held.
        client.on("data", (data: Buffer) => void inner.write(data));
        inner.on("data", (data: Buffer) => void client.write(data));
        // Neither side goes on without the other.
        client.once("end", () => client.destroy());
        inner.once("end", () => inner.destroy());
        if (isHolding && from === "replica") for (const socket of link) socket.pause();
      } else {
        client.pipe(inner);
        inner.pipe(client);
      }
    };
    client.on("data", onFirst);
  };

  let server: Server | undefined = await listen(0, accept);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const shut = () => {
    server?.close();
    server = undefined;
    isHolding = false;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port,
    shut,
    open: async () => {
      server ??= await listen(port, accept);
    },
    get isHolding() {
      return isHolding;
    },
    holdReplication: () => {
      isHolding = true;
      for (const link of links) for (const socket of link) socket.pause();
    },
    letReplicationGo: () => {
      isHolding = false;
      for (const link of links) for (const socket of link) socket.resume();
    },
    [Symbol.dispose]: shut,
  };
}

/** By what it says first: a sentinel gives its name, a replica greets and then says where it listens. */
function whoSpeaks(first: Buffer): "sentinel" | "replica" | "program" | "undecided" {
  const text = first.toString("latin1", 0, 200);
  if (text === PING) return "undecided";
  if (/^\*3\r\n\$6\r\nCLIENT\r\n\$7\r\nSETNAME\r\n\$\d+\r\nsentinel-/i.test(text))
    return "sentinel";
  return /^\*\d+\r\n\$\d+\r\n(?:REPLCONF|PSYNC)\r\n/i.test(text) ? "replica" : "program";
}

async function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, accept);
    server.once("error", reject);
    server.listen(port, HOST, () => resolve(server));
  });
}
