// Writes and reads sessions of four sizes, and says how long it takes.
import { RedisStore } from "connect-redis";
import { connect, quickest, sessionOf, showRatios } from "./measure.ts";

const client = await connect();
const store = new RedisStore({ client, prefix: "size:" });

const bytes: Record<string, number> = {};
const times: Record<string, number> = {};
await store.set("warm", sessionOf(50));
await quickest(50, async () => await store.get("warm"));
// In rounds, so that whatever else the machine does meets all sizes alike.
for (let round = 1; round <= 10; round += 1) {
  for (const kib of [0.5, 5, 50, 500]) {
    const label = `${kib} KiB`;
    const session = sessionOf(kib);
    // #region work
    const ms = await quickest(5, async () => {
      await store.set(label, session);
      await store.get(label);
    });
    // #endregion
    times[label] = Math.min(times[label] ?? Infinity, ms);
    bytes[label] = await client.strLen(`size:${label}`);
  }
}
for (const [label, ms] of Object.entries(times)) {
  console.log(`${label}: ${bytes[label]} bytes, ${ms.toFixed(2)} ms`);
}
showRatios("Bytes of the session", bytes);
showRatios("Time to write it and read it again", times);
await client.unlink(["size:warm", ...Object.keys(bytes).map((label) => `size:${label}`)]);
client.destroy();
