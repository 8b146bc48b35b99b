import { connect, type Socket } from "node:net";
import { parseReply, type RespNode } from "./resp-node.ts";

const DEADLINE_MS = 20_000;

/** A TCP connection that gives every reply and push as it came. */
export class RawClient {
  closed = false;
  readonly #socket: Socket;
  readonly #frames: RespNode[] = [];
  #chunks: Buffer[] = [];
  #bytes = 0;
  #neededBytes = 0;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      if (this.#bytes >= this.#neededBytes) this.#parse();
      this.#wake?.();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.#wake?.();
    });
  }

  static async open(port: number): Promise<RawClient> {
    return await new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("error", reject);
      socket.once("connect", () => resolve(new RawClient(socket)));
    });
  }

  #parse(): void {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    if (!bytes) return;
    let at = 0;
    while (at < bytes.length) {
      const parsed = parseReply(bytes, at);
      if (!parsed) break;
      this.#frames.push(parsed.node);
      at = parsed.end;
    }
    const rest = bytes.subarray(at);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
    // A long reply in many chunks is not read again at each of them.
    this.#neededBytes = rest.length > 65_536 ? rest.length * 1.2 : 0;
    if (this.#neededBytes > 0) setImmediate(() => (this.#neededBytes = 0));
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Frames that have come and were not taken. */
  get pending(): number {
    return this.#frames.length;
  }

  /** Waits for so many replies or pushes. Fewer come when the connection is closed or the deadline is over. */
  async take(count: number, deadlineMs = DEADLINE_MS): Promise<RespNode[]> {
    const deadline = Date.now() + deadlineMs;
    while (this.#frames.length < count && !this.closed) {
      if (!(await this.#change(deadline))) {
        this.#parse();
        break;
      }
    }
    return this.#frames.splice(0, count);
  }

  async untilClosed(): Promise<void> {
    const deadline = Date.now() + 3000;
    while (!this.closed && (await this.#change(deadline)));
  }

  /** False when nothing happened until the deadline. */
  async #change(deadline: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const happened = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true);
      timer = setTimeout(() => resolve(false), Math.max(0, deadline - Date.now()));
    });
    clearTimeout(timer);
    this.#wake = undefined;
    return happened;
  }

  async command(...args: readonly string[]): Promise<RespNode> {
    this.send(encodeRequest(args));
    const [reply] = await this.take(1);
    if (!reply)
      throw new Error(
        `${this.closed ? "the connection was closed at" : "no reply to"} ${args.join(" ").slice(0, 200)}`,
      );
    return reply;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** A command (latin1 texts) as an array of bulk strings. */
export function encodeRequest(args: readonly string[]): Buffer {
  const parts = args.map((arg) => `$${arg.length}\r\n${arg}\r\n`);
  return Buffer.from(`*${args.length}\r\n${parts.join("")}`, "latin1");
}
