// Makes a visitor's cookie from two things: the session ID, read from Redis, and the secret.
import { createHmac } from "node:crypto";
import { createClient } from "redis";

const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

for await (const keys of client.scanIterator({ MATCH: "sess:*" })) {
  for (const key of keys) console.log(cookieFor(key.slice("sess:".length)));
}
await client.close();

// #region sign
function cookieFor(id: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `connect.sid=${encodeURIComponent(`s:${id}.${signature}`)}`;
}
// #endregion
