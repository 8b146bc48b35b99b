import { startDeadline } from "../../process/deadline.ts";
import type { RedisConnection } from "../resp/redis-connection.ts";
import { type RespValue, StatusReply } from "../resp/resp-value.ts";
import { formatReply } from "./format-reply.ts";
import { isPlainText } from "./is-plain-text.ts";
import { isListening, listen, type Listening } from "./listen.ts";
import { logIn } from "./log-in.ts";
import { splitLine } from "./split-line.ts";

/** What redis-cli does with a typed line, on one connection that stays open. */
export interface RedisPrompt extends Disposable {
  /** The lines that redis-cli prints for this line; errors too. */
  type(line: string): Promise<string[]>;
}

const DEADLINE_MS = 10_000;
/** They would turn the connection into a stream that never ends; `listenAt` is for those that listen. */
const ENDLESS = new Set(["MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "SYNC", "PSYNC"]);

/** Opens a prompt at `url`; connects at the first line, and again after a connection was lost. */
export function openRedisPrompt(url: string): RedisPrompt {
  let connection: RedisConnection | undefined;
  return {
    async type(line) {
      const args = splitLine(line);
      if (args === undefined) return ["Invalid argument(s)"];
      const [first] = args;
      if (first === undefined) return [];
      const name = first.toString("latin1").toUpperCase();
      if (ENDLESS.has(name)) {
        return [`(error) ${name} would not end.`];
      }
      try {
        connection ??= await logIn(url);
        const reply = await waitFor(connection, args);
        return isPlainText(args) && typeof reply === "string"
          ? reply.replaceAll("\r\n", "\n").trimEnd().split("\n")
          : formatReply(reply);
      } catch (error) {
        connection?.close();
        connection = undefined;
        return [`(error) ${error instanceof Error ? error.message : String(error)}`];
      }
    },
    [Symbol.dispose]() {
      connection?.close();
    },
  };
}

/**
 * Listens at `url` when the line is one after which Redis sends on by itself, such as MONITOR.
 * Undefined: it is a line to be typed at a prompt.
 */
export async function listenAt(
  url: string,
  line: string,
  show: (lines: string[]) => void,
): Promise<Listening | undefined> {
  const args = splitLine(line) ?? [];
  return isListening(args) ? listen(await logIn(url), args, show) : undefined;
}

async function waitFor(connection: RedisConnection, args: readonly Buffer[]): Promise<RespValue> {
  const callOff = startDeadline(DEADLINE_MS, () => connection.close());
  try {
    const reply = await connection.send(...args);
    // The connection now speaks RESP3 or is over: as with redis-cli, the next line begins anew.
    if (reply instanceof StatusReply && /^QUIT$/i.test(args[0]?.toString("latin1") ?? "")) {
      connection.close();
    }
    return reply;
  } finally {
    callOff();
  }
}
