import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const DEADLINE_MS = 20_000;

/** A TCP connection that shows exactly what came. */
export class RawConnection implements AsyncDisposable {
  received = Buffer.alloc(0);
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new RawConnection(socket);
  }

  send(text: string | Buffer): void {
    this.socket.write(typeof text === "string" ? Buffer.from(text, "latin1") : text);
  }

  /** Sends one request as an array of bulk strings. */
  command(...args: readonly string[]): void {
    const items = args.map((arg) => `$${Buffer.byteLength(arg, "latin1")}\r\n${arg}\r\n`);
    this.send(`*${args.length}\r\n${items.join("")}`);
  }

  /** Waits until all that came is this text, and forgets it. */
  async expect(text: string): Promise<void> {
    await until(
      () => this.received.toString("latin1") === text,
      () =>
        `expected ${JSON.stringify(text)}, got ${JSON.stringify(this.received.toString("latin1").slice(0, 500))}`,
    );
    this.received = Buffer.alloc(0);
  }

  async expectClosed(): Promise<void> {
    await until(
      () => this.closed,
      () => "the connection was not closed",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await until(
      () => this.closed,
      () => "the socket did not close",
    );
  }
}

/** Polls a condition up to a deadline. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  explain: () => string,
): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(explain());
    await pause(5);
  }
}
