import type { RedisConnection } from "../resp/redis-connection.ts";
import { RespReader } from "../resp/resp-reader.ts";
import { formatReply } from "./format-reply.ts";

/** What a connection hears until somebody stops it. */
export interface Listening {
  /** Resolves when the connection is closed, from either side. */
  readonly ended: Promise<void>;
  stop(): void;
}

const LISTENING = new Set(["subscribe", "psubscribe", "ssubscribe", "monitor"]);

/** Whether Redis, after this command, sends what no command asks for. */
export function isListening(args: readonly Buffer[]): boolean {
  const name = args[0]?.toString("latin1").toLowerCase() ?? "";
  return LISTENING.has(name) && (args.length > 1 || name === "monitor");
}

/** Sends the command, and shows what comes as redis-cli prints it. The connection serves nothing else any more. */
export function listen(
  connection: RedisConnection,
  args: readonly Buffer[],
  show: (lines: string[]) => void,
): Listening {
  const reader = new RespReader(({ value }) => show(formatReply(value)));
  reader.keepStatuses = true;
  connection.socket.removeAllListeners("data");
  connection.socket.on("data", (chunk: Buffer) => reader.feed(chunk));
  const ended = new Promise<void>((resolve) => {
    connection.socket.once("close", () => resolve());
  });
  // Its reply is read above, with all that comes after it.
  connection.send(...args).catch(() => {});
  return { ended, stop: () => connection.close() };
}
