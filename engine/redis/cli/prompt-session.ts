import { parseRedisUrl } from "../parse-redis-url.ts";
import type { RedisConnection } from "../resp/redis-connection.ts";
import { RespError, type RespValue } from "../resp/resp-value.ts";
import { formatRawReply } from "./format-raw-reply.ts";
import { formatReply } from "./format-reply.ts";
import { isPlainText } from "./is-plain-text.ts";
import { isListening, listen, type Listening } from "./listen.ts";
import { logIn } from "./log-in.ts";
import { splitLine } from "./split-line.ts";

/** redis-cli says how long a command took from this on. */
const SLOW_MS = 500;

/** What a line of the prompt has come to. */
export type Answer =
  /** `lines` are for a terminal, `raw` is for a file or another program. */
  | { readonly kind: "reply"; readonly lines: readonly string[]; readonly raw: Buffer }
  /** It sends on until `stop`: to be shown line by line. */
  | { readonly kind: "listening"; listen(show: (lines: string[]) => void): Listening }
  | { readonly kind: "clear" }
  | { readonly kind: "quit" }
  | { readonly kind: "nothing" };

/** A conversation with a Redis, line by line, as redis-cli leads one. */
export class PromptSession implements Disposable {
  readonly #url: string;
  #connection: RedisConnection | undefined;
  #database: number;
  #inTransaction = false;
  #isInterrupted = false;
  /** What DISCARD goes back to. */
  #databaseBefore: number;

  private constructor(url: string, connection: RedisConnection) {
    this.#url = url;
    this.#connection = connection;
    this.#database = parseRedisUrl(url).database;
    this.#databaseBefore = this.#database;
  }

  /** @throws the error of the socket, or of Redis when it refuses the password */
  static async open(url: string): Promise<PromptSession> {
    return new PromptSession(url, await logIn(url));
  }

  /** `127.0.0.1:41873> `, with the number of the database and `(TX)` behind it as redis-cli shows them. */
  get prompt(): string {
    if (this.#connection === undefined) return "not connected> ";
    const { host, port } = parseRedisUrl(this.#url);
    const database = this.#database === 0 ? "" : `[${this.#database}]`;
    return `${host}:${port}${database}${this.#inTransaction ? "(TX)" : ""}> `;
  }

  /** All commands, subcommands as `client|list`. */
  async commandNames(): Promise<string[]> {
    const names = await this.#connection?.command("COMMAND", "LIST");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  }

  /** Sends a line; a connection that was lost is opened again. Errors are answers too. */
  async answer(line: string): Promise<Answer> {
    const words = splitLine(line);
    if (!words) return said("Invalid argument(s)");
    const times = Number(words[0]?.toString("latin1"));
    const repeats = words.length > 1 && Number.isSafeInteger(times) && times > 0;
    const args = repeats ? words.slice(1) : words;
    const name = args[0]?.toString("latin1").toLowerCase();
    if (name === undefined) return { kind: "nothing" };
    if (name === "quit" || name === "exit") return { kind: "quit" };
    if (name === "clear") return { kind: "clear" };
    try {
      this.#connection ??= await this.#reconnect();
      if (isListening(args)) {
        const connection = await logIn(this.#url);
        return { kind: "listening", listen: (show) => listen(connection, args, show) };
      }
      return await this.#send(name, args, repeats ? times : 1);
    } catch (error) {
      const wasInterrupted = this.#isInterrupted;
      this.#forget();
      if (wasInterrupted) return { kind: "nothing" };
      return said(`Error: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #send(name: string, args: readonly Buffer[], times: number): Promise<Answer> {
    const lines: string[] = [];
    const raw: Buffer[] = [];
    for (let count = 0; count < times; count++) {
      const connection = this.#connection;
      if (connection === undefined) break;
      const sentAt = performance.now();
      const reply = await connection.send(...args);
      const tookMs = performance.now() - sentAt;
      this.#note(name, args, reply);
      lines.push(...showReply(args, reply));
      if (tookMs >= SLOW_MS) lines.push(`(${(tookMs / 1000).toFixed(2)}s)`);
      // Texts that redis-cli prints as they are end with a line end of their own.
      raw.push(formatRawReply(reply), Buffer.from(isPlainText(args) ? "" : "\n"));
    }
    return { kind: "reply", lines, raw: Buffer.concat(raw) };
  }

  /** What the prompt says of the connection. */
  #note(name: string, args: readonly Buffer[], reply: RespValue): void {
    if (reply instanceof RespError) {
      // An EXEC that is refused ends the transaction as well.
      if (name === "exec" && reply.message.startsWith("EXECABORT")) this.#inTransaction = false;
      return;
    }
    if (name === "multi") {
      this.#inTransaction = true;
      this.#databaseBefore = this.#database;
    } else if (name === "exec" || name === "discard" || name === "reset") {
      this.#inTransaction = false;
      if (name === "discard") this.#database = this.#databaseBefore;
      if (name === "reset") this.#database = 0;
    } else if (name === "select") this.#database = Number(args[1]?.toString("latin1") ?? 0);
  }

  async #reconnect(): Promise<RedisConnection> {
    const connection = await logIn(this.#url);
    if (this.#database !== parseRedisUrl(this.#url).database) {
      await connection.send("SELECT", String(this.#database));
    }
    return connection;
  }

  /** Gives up the command that is waited for; the next line connects anew. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#connection?.close();
  }

  #forget(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#inTransaction = false;
    this.#isInterrupted = false;
  }

  [Symbol.dispose](): void {
    this.#connection?.close();
  }
}

function said(text: string): Answer {
  return { kind: "reply", lines: [text], raw: Buffer.from(`${text}\n`) };
}

function showReply(args: readonly Buffer[], reply: RespValue): string[] {
  return isPlainText(args) && typeof reply === "string"
    ? reply.replaceAll("\r\n", "\n").trimEnd().split("\n")
    : formatReply(reply);
}
