import { RESP_TYPES } from "redis";
import { type Client, connect } from "../connect.ts";
import { showChart } from "./show-chart.ts";

const SESSIONS = 500;
const PAGES = 2500;
const ROOM = 2 * 1024 * 1024;
const text = "x".repeat(1000);

/** Stores sessions, and then cached pages beyond what fits, under several policies; counts what is left. */
export async function fillMemory(): Promise<void> {
  const client = await connect("fill");
  const others = await putAside(client);
  const left: Record<string, number> = {};
  for (const policy of ["noeviction", "allkeys-lru", "volatile-lru"]) {
    left[policy] = await fillUnder(client, { label: policy, policy });
  }
  const mended = "volatile-ttl, pages of a minute";
  left[mended] = await fillUnder(client, {
    label: mended,
    policy: "volatile-ttl",
    secondsOfPage: 60,
  });
  await putBack(client, others);
  showChart(`Sessions left of ${SESSIONS}`, "", left);
  client.destroy();
}

interface Case {
  readonly label: string;
  readonly policy: string;
  /** Undefined: pages never end. */
  readonly secondsOfPage?: number;
}

async function fillUnder(client: Client, { label, policy, secondsOfPage }: Case): Promise<number> {
  await forget(client);
  const used = Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  await client.configSet({ maxmemory: String(used + ROOM), "maxmemory-policy": policy });
  let refused = 0;
  const store = async (key: string, seconds: number | undefined) => {
    const options = seconds === undefined ? {} : { expiration: { type: "EX", value: seconds } };
    await client.set(key, text, options as object).catch(() => (refused += 1));
  };
  await inRounds(SESSIONS, async (at) => await store(`full:sess:${at}`, 1800));
  await inRounds(PAGES, async (at) => await store(`full:page:${at}`, secondsOfPage));
  const left = (await keysLike(client, "full:sess:*")).length;
  console.log(`${label}: ${left} of ${SESSIONS} sessions are left, ${refused} writes were refused`);
  await client.configSet({ maxmemory: "0", "maxmemory-policy": "noeviction" });
  await forget(client);
  return left;
}

/** A hundred at a time: one by one, each would wait for its reply, and for its turn on a busy machine. */
async function inRounds(count: number, write: (at: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < count; first += 100) {
    const length = Math.min(100, count - first);
    await Promise.all(Array.from({ length }, async (_, index) => await write(first + index)));
  }
}

async function forget(client: Client): Promise<void> {
  const keys = await keysLike(client, "full:*");
  if (keys.length > 0) await client.unlink(keys);
}

async function keysLike(client: Client, pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of client.scanIterator({ MATCH: pattern, COUNT: 1000 }))
    found.push(...keys);
  return found;
}

interface Kept {
  readonly key: string;
  readonly value: Buffer;
  /** 0: never ends. */
  readonly ms: number;
}

/** What else lies in this Redis: a policy that may give up everything would take it, too. */
async function putAside(client: Client): Promise<Kept[]> {
  const raw = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const kept: Kept[] = [];
  for (const key of await keysLike(client, "*")) {
    const [value, ms] = await Promise.all([raw.dump(key), client.pTTL(key)]);
    if (value !== null) kept.push({ key, value, ms: Math.max(0, ms) });
  }
  return kept;
}

async function putBack(client: Client, kept: readonly Kept[]): Promise<void> {
  for (const { key, value, ms } of kept) {
    if ((await client.exists(key)) === 0) await client.restore(key, ms, value);
  }
}
