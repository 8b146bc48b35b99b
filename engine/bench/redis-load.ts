import { connect, type Socket } from "node:net";
import { encodeCommand } from "../redis/resp/encode-command.ts";

/** A command (`%` stands for the number of the connection) and how long its reply is. */
export interface Exchange {
  readonly args: readonly string[];
  readonly replyBytes: number;
}

/** Who sends what. */
export interface Load {
  readonly connections: number;
  /** Of all connections together. */
  readonly requests: number;
  /** Each connection sends them over and over. */
  readonly exchanges: readonly Exchange[];
  /** How many go in one write, whose replies are then awaited. */
  readonly batch: number;
}

const DEADLINE_MS = 60_000;

/**
 * Puts a Redis under load and answers how many milliseconds it took. The client only counts the bytes
 * of the replies, so that little of the time is its own.
 * @throws Error when replies are longer or fewer than they should be
 */
export async function runLoad(port: number, load: Load): Promise<number> {
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, async () => await open(port)),
  );
  try {
    await Promise.all(sockets.map(async (socket, at) => await fill(socket, at, load)));
    const from = performance.now();
    await Promise.all(sockets.map(async (socket, at) => await send(socket, batches(at, load))));
    return performance.now() - from;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

interface Batch {
  readonly bytes: Buffer;
  readonly replyBytes: number;
}

/** The keys must be there before they are read. */
async function fill(socket: Socket, connection: number, { exchanges }: Load): Promise<void> {
  const set = exchanges.find(({ args }) => args[0] === "SET");
  if (!set) return;
  await send(socket, [{ bytes: encode(set, connection), replyBytes: "+OK\r\n".length }]);
}

function batches(connection: number, load: Load): Batch[] {
  const count = Math.ceil(load.requests / load.connections / load.batch);
  const encoded = load.exchanges.map((exchange) => ({
    bytes: encode(exchange, connection),
    replyBytes: exchange.replyBytes,
  }));
  let next = 0;
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: load.batch }, () => encoded[next++ % encoded.length]);
    return {
      bytes: Buffer.concat(parts.map((part) => part?.bytes ?? Buffer.alloc(0))),
      replyBytes: parts.reduce((sum, part) => sum + (part?.replyBytes ?? 0), 0),
    };
  });
}

function encode({ args }: Exchange, connection: number): Buffer {
  return Buffer.from(encodeCommand(args.map((arg) => arg.replace("%", String(connection)))));
}

/** One batch after the other, each after the replies to the one before. */
async function send(socket: Socket, toSend: readonly Batch[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let at = -1;
    let missing = 0;
    const timer = setTimeout(
      () => reject(new Error(`${missing} bytes of replies did not come`)),
      DEADLINE_MS,
    );
    const done = (error?: Error): void => {
      clearTimeout(timer);
      socket.removeAllListeners("data");
      if (error) reject(error);
      else resolve();
    };
    const next = (): void => {
      at += 1;
      const batch = toSend[at];
      if (!batch) {
        done();
        return;
      }
      missing = batch.replyBytes;
      socket.write(batch.bytes);
    };
    socket.on("data", (chunk: Buffer) => {
      missing -= chunk.length;
      if (missing < 0 || chunk[0] === "-".charCodeAt(0)) {
        done(new Error(`not the replies that should come: ${chunk.toString("latin1", 0, 200)}`));
      } else if (missing === 0) next();
    });
    next();
  });
}

async function open(port: number): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.once("connect", () => resolve(socket));
  });
}
