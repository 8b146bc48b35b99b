// Stores sessions, measures what they take, and compares it with the formula of the lesson.
import { RedisStore } from "connect-redis";
import { connect, sessionOf } from "./measure.ts";

const COUNT = 20_000;
const client = await connect();
const store = new RedisStore({ client, prefix: "million:" });
const session = sessionOf(0.5);

// #region measured
const before = await usedMemory();
const ids = Array.from({ length: COUNT }, (_, at) => `${at}`.padStart(32, "x"));
await Promise.all(ids.map(async (id) => await store.set(id, session)));
const measured = (await usedMemory()) - before;
// #endregion

// #region formula
/** Bytes that so many sessions take, when Redis says for one of them what it takes. */
function memoryOf(sessions: number, bytesOfOne: number): number {
  const timeToLive = 32;
  const tables = 2 * 8 * 2 ** Math.ceil(Math.log2(sessions));
  return sessions * (bytesOfOne + timeToLive) + tables;
}
// #endregion

const bytesOfOne = Number(await client.memoryUsage(`million:${ids[0]}`));
const byFormula = memoryOf(COUNT, bytesOfOne);
console.log(
  `one session: ${JSON.stringify(session).length} bytes of JSON, MEMORY USAGE ${bytesOfOne}`,
);
console.log(
  `${COUNT} sessions: ${inMib(measured)} MiB measured, ${inMib(byFormula)} MiB by the formula`,
);
show(`${COUNT} sessions`, { measured: inMib(measured), "by the formula": inMib(byFormula) });

const million: Record<string, number> = {};
for (const kib of [0.5, 5, 50]) {
  await store.set("one", sessionOf(kib));
  const bytes = Number(await client.memoryUsage("million:one"));
  million[`${kib} KiB`] = inMib(memoryOf(1_000_000, bytes));
}
show("A million sessions", million);

await client.unlink([...ids, "one"].map((id) => `million:${id}`));
client.destroy();

async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
}

function inMib(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10;
}

function show(title: string, values: Readonly<Record<string, number>>): void {
  console.log(JSON.stringify({ chart: { title, unit: "MiB", bars: Object.entries(values) } }));
}
