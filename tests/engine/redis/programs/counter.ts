import { scrypt } from "node:crypto";
import { createServer } from "node:http";
import { createClient } from "redis";

// Counts in two ways: one loses updates when requests run at once, one does not.
const client = createClient({ url: process.env["REDIS_URL"] ?? "" });
client.on("error", () => {});
await client.connect();
const work = async () =>
  await new Promise((resolve) => {
    scrypt("password", "salt", 32, { N: 131_072, maxmem: 2 ** 28 }, resolve);
  });

const ways: Record<string, () => Promise<unknown>> = {
  "/lossy": async () => await client.set("n", String(Number(await client.get("n")) + 1)),
  "/exact": async () => await client.incr("n"),
  // Busy in the thread pool, where the event loop does not see it, and asks Redis only then.
  "/slow": async () => {
    void work().then(async () => await client.incr("n"));
  },
  "/later": async () => {
    setTimeout(() => void client.incr("n"), 0);
  },
};
createServer((request, response) => {
  const way = ways[request.url ?? ""] ?? (async () => {});
  void way().then(() => response.end());
}).listen(0, "127.0.0.1");
