import { parseRedisUrl } from "../parse-redis-url.ts";
import { RedisConnection } from "../resp/redis-connection.ts";
import { RespReader } from "../resp/resp-reader.ts";
import { RespError, StatusReply } from "../resp/resp-value.ts";
import { formatReply } from "./format-reply.ts";
import { splitLine } from "./split-line.ts";

/** After these Redis sends what no command asks for. */
const LISTENING = new Set(["subscribe", "psubscribe", "ssubscribe", "monitor"]);

/** What a line of the prompt has come to. */
export type Answer =
  | { readonly kind: "reply"; readonly lines: readonly string[] }
  /** It sends on until `stop`: to be shown line by line. */
  | { readonly kind: "listening"; listen(show: (lines: string[]) => void): Listening }
  | { readonly kind: "quit" }
  | { readonly kind: "nothing" };

export interface Listening {
  /** Resolves when the connection is closed, from either side. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** A conversation with a Redis, line by line, as redis-cli leads one. */
export class PromptSession implements Disposable {
  readonly #url: string;
  readonly #connection: RedisConnection;
  #database: string;

  private constructor(url: string, connection: RedisConnection) {
    this.#url = url;
    this.#connection = connection;
    this.#database = String(parseRedisUrl(url).database);
  }

  /** @throws the error of the socket, or of Redis when it refuses the password */
  static async open(url: string): Promise<PromptSession> {
    return new PromptSession(url, await logIn(url));
  }

  /** `127.0.0.1:41873> `, with the number of the database behind it unless it is 0. */
  get prompt(): string {
    const { host, port } = parseRedisUrl(this.#url);
    return `${host}:${port}${this.#database === "0" ? "" : `[${this.#database}]`}> `;
  }

  /** All commands, subcommands as `client|list`. */
  async commandNames(): Promise<string[]> {
    const names = await this.#connection.command("COMMAND", "LIST");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  }

  /** @throws the socket's error when the connection is lost */
  async answer(line: string): Promise<Answer> {
    const args = splitLine(line);
    if (!args) return { kind: "reply", lines: ["Invalid argument(s)"] };
    const name = args[0]?.toString("latin1").toLowerCase();
    if (name === undefined) return { kind: "nothing" };
    if (name === "quit" || name === "exit") return { kind: "quit" };
    if (LISTENING.has(name) && (args.length > 1 || name === "monitor")) {
      const connection = await logIn(this.#url);
      return { kind: "listening", listen: (show) => listen(connection, args, show) };
    }
    const reply = await this.#connection.send(...args);
    if (name === "select" && reply instanceof StatusReply) {
      this.#database = args[1]?.toString("latin1") ?? "0";
    }
    return { kind: "reply", lines: formatReply(reply) };
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

/** In RESP2, in which redis-cli shows replies too. */
async function logIn(url: string): Promise<RedisConnection> {
  const { user, password, database, ...address } = parseRedisUrl(url);
  const connection = await RedisConnection.open(address, { keepStatuses: true });
  const commands: string[][] = [];
  if (password !== undefined) {
    commands.push(["AUTH", ...(user === undefined ? [] : [user]), password]);
  }
  if (database !== 0) commands.push(["SELECT", String(database)]);
  for (const command of commands) {
    const reply = await connection.send(...command);
    if (!(reply instanceof RespError)) continue;
    connection.close();
    throw new Error(reply.message);
  }
  return connection;
}

function listen(
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
