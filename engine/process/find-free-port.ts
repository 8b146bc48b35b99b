import { createServer } from "node:net";

/**
 * A loopback TCP port that is free at this moment. Another program may take it before you do:
 * whoever uses it must be ready to ask for another one.
 */
export async function findFreePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
