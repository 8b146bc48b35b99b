// Asks Redis how much memory sessions of four sizes take.
import { RedisStore } from "connect-redis";
import { connect, sessionOf, showRatios } from "./measure.ts";

const client = await connect();
const store = new RedisStore({ client, prefix: "size:" });

const memory: Record<string, number> = {};
for (const kib of [0.5, 5, 50, 500]) {
  const label = `${kib} KiB`;
  await store.set(label, sessionOf(kib));
  const bytes = await client.strLen(`size:${label}`);
  memory[label] = Number(await client.memoryUsage(`size:${label}`));
  console.log(`${label}: ${bytes} bytes of JSON, ${memory[label]} bytes of memory`);
}
showRatios("Memory of Redis", memory);
await client.unlink(Object.keys(memory).map((label) => `size:${label}`));
client.destroy();
