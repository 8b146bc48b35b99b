import { createServer } from "node:net";
import { Server } from "./server.ts";
import { acceptConnection } from "./tcp-connection.ts";

const ACTIVE_EXPIRY_EVERY_MS = 100;

/** A running embedded Redis in this very thread. */
export interface ServedRedis {
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

/** Listens on a loopback port (0: the system chooses). start-embedded-redis.ts does it in a worker. */
export async function serve(port = 0): Promise<ServedRedis> {
  const server = new Server();
  const listener = createServer((socket) => {
    acceptConnection(server, socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, "127.0.0.1", resolve);
  });
  const expiry = setInterval(() => server.removeExpired(), ACTIVE_EXPIRY_EVERY_MS);
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  server.port = address.port;
  return {
    port: address.port,
    server,
    close: async () => {
      clearInterval(expiry);
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const client of server.clients) client.connection.destroy();
      await closed;
    },
  };
}
