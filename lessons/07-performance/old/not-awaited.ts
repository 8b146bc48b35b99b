// How older tutorials keep the rest of a reader beside the session: nobody waits for the answer of Redis.
import express from "express";
import { createClient } from "redis";

interface Preferences {
  layout: string;
}
const readers = new Map<string, { id: number; preferences?: Preferences }>([
  ["Ada", { id: 1001, preferences: { layout: "covers" } }],
  ["Ben", { id: 1002 }],
]);

const redisClient = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
redisClient.on("error", (error) => console.error("Redis:", error.message));
await redisClient.connect();
const app = express();

// #region old
app.post("/login/:name", (req, res) => {
  const { id = 0, preferences } = readers.get(req.params.name) ?? {};
  redisClient.setEx(`user:${id}:preferences`, 86400, JSON.stringify(preferences));
  res.send(`Welcome, ${req.params.name}.`);
});
// #endregion

// Ada logs in, then Ben, who has no preferences yet.
const server = app.listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as { port: number };
  for (const name of ["Ada", "Ben"]) {
    const answer = await fetch(`http://127.0.0.1:${port}/login/${name}`, { method: "POST" });
    console.log(await answer.text());
  }
  redisClient.destroy();
  server.close();
});
