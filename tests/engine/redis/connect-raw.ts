import { connect } from "node:net";
import { waitUntil } from "../../../engine/process/deadline.ts";

/** A connection that sends and shows bytes as they are (each character one byte). */
export interface RawConnection {
  write(text: string): void;
  /** Resolves when what was written has left. */
  flushed(): Promise<void>;
  /** All that has come, once it satisfies the condition. */
  read(until: (all: string) => boolean): Promise<string>;
  isClosed(): boolean;
  close(): void;
}

/** Connects to a port of this machine. */
export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  let all = "";
  let closed = false;
  socket.on("error", () => {});
  socket.on("close", () => (closed = true));
  socket.on("data", (chunk: Buffer) => (all += chunk.toString("latin1")));
  return {
    write: (text) => void socket.write(Buffer.from(text, "latin1")),
    flushed: async () => {
      await new Promise<void>((resolve) => {
        socket.write("", () => setImmediate(resolve));
      });
    },
    async read(until) {
      if (!(await waitUntil(() => until(all), 10_000))) {
        throw new Error(`Only this came: ${JSON.stringify(all)}`);
      }
      return all;
    },
    isClosed: () => closed,
    close: () => void socket.destroy(),
  };
}
