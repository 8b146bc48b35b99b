import { startDeadline } from "../../process/deadline.ts";
import { parseRedisUrl } from "../parse-redis-url.ts";
import { RedisConnection } from "../resp/redis-connection.ts";
import { RespError, type RespValue, StatusReply } from "../resp/resp-value.ts";
import { formatReply } from "./format-reply.ts";
import { splitLine } from "./split-line.ts";

/** What redis-cli does with a typed line, on one connection that stays open. */
export interface RedisPrompt extends Disposable {
  /** The lines that redis-cli prints for this line; errors too. */
  type(line: string): Promise<string[]>;
}

const DEADLINE_MS = 10_000;
/** They would turn the connection into a stream that never ends. */
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
        return [
          `(error) ${name} would not end. The lesson shows each command that its programs send.`,
        ];
      }
      try {
        connection ??= await open(url);
        const reply = await waitFor(connection, args);
        return isRaw(args) && typeof reply === "string"
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

/** RESP2, as redis-cli speaks it by default. */
async function open(url: string): Promise<RedisConnection> {
  const address = parseRedisUrl(url);
  const connection = await RedisConnection.open(address, { keepStatuses: true });
  if (address.password !== undefined) {
    const user = address.user === undefined ? [] : [address.user];
    const reply = await connection.send("AUTH", ...user, address.password);
    if (reply instanceof RespError) throw new Error(reply.message);
  }
  if (address.database !== 0) await connection.send("SELECT", String(address.database));
  return connection;
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

/** Replies that redis-cli prints as they are, without quotes. */
function isRaw(args: readonly Buffer[]): boolean {
  const [name = "", word = ""] = args.map((arg) => arg.toString("latin1").toUpperCase());
  switch (name) {
    case "INFO":
    case "LOLWUT":
      return true;
    case "CLIENT":
      return word === "LIST" || word === "INFO";
    case "CLUSTER":
      return word === "NODES" || word === "INFO";
    case "MEMORY":
      return word === "DOCTOR" || word === "MALLOC-STATS";
    case "LATENCY":
      return word === "DOCTOR" || word === "GRAPH";
    default:
      return false;
  }
}
