import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createClient, WatchError } from "redis";
import type { Context } from "../../starter/context.ts";
import { dayOf } from "./read-report.ts";

type Client = ReturnType<typeof open>;
type Settings = Context["settings"];
interface View {
  readonly id: string;
  readonly message: Record<string, string>;
}

const GROUP = "counters";
const DAY_MS = 86_400_000;
const QUEUE_SECONDS = 30 * 86_400;
const RETRY_MS = 50;

/** Counts views as they are noted, until the process ends. Resolves once it is ready. */
export async function startWorker({ redisUrl, settings }: Context): Promise<void> {
  const client = open(redisUrl);
  await client.connect();
  await createGroup(client);
  const name = randomUUID();
  void (async () => {
    for (;;) {
      try {
        await work(client, name, settings);
      } catch (error) {
        if (String(error).includes("NOGROUP")) await createGroup(client).catch(() => {});
        else await delay(RETRY_MS);
      }
    }
  })();
}

/**
 * A connection of its own: the worker waits on it for views as long as it takes, and WATCHes.
 */
function open(url: string) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: (attempt) => Math.min(500, attempt * RETRY_MS) },
  });
  client.on("error", () => {});
  return client;
}

/** The queue goes when nothing has come for a month, and its group with it. */
async function createGroup(client: Client): Promise<void> {
  await client
    .multi()
    .xGroupCreate("viewed", GROUP, "0", { MKSTREAM: true })
    .expire("viewed", QUEUE_SECONDS)
    .exec()
    .catch((error: unknown) => {
      if (!String(error).includes("BUSYGROUP") && !isOfReplies(error)) throw error;
    });
}

/** Another instance was quicker: EXEC answers with the error among its replies. */
function isOfReplies(error: unknown): boolean {
  return typeof error === "object" && error !== null && "replies" in error;
}

async function work(client: Client, name: string, settings: Settings): Promise<void> {
  const read = await client.xReadGroup(GROUP, name, [{ key: "viewed", id: ">" }], {
    COUNT: 200,
    BLOCK: 0,
  });
  const [stream] = (read ?? []) as unknown as { messages: View[] }[];
  const views = stream?.messages ?? [];
  while (views.length > 0) {
    try {
      await count(client, views, settings);
      return;
    } catch (error) {
      if (!(error instanceof WatchError)) throw error;
    }
  }
}

/** All of them or none: what was not counted is still in the queue. */
async function count(client: Client, views: readonly View[], settings: Settings): Promise<void> {
  const { visitGapSeconds, activeSeconds, keepDays } = settings;
  const all = views.map(({ message: { path = "", visitor = "", at } }) => {
    return { path, visitor, ms: Number(at) };
  });
  const known = [...new Set(all.flatMap(({ visitor }) => (visitor === "" ? [] : [visitor])))];
  const seen = new Map<string, number>();
  await client.watch("last-view");
  if (known.length > 0) {
    const scores = await client.zmScore("last-view", known);
    for (const [at, visitor] of known.entries()) {
      if (typeof scores[at] === "number") seen.set(visitor, scores[at]);
    }
  }
  const change = client.multi();
  for (const { path, visitor, ms } of all) {
    const day = dayOf(ms);
    const end = Date.parse(day) + (keepDays + 1) * DAY_MS;
    change.zIncrBy(`views:${day}`, 1, path).pExpireAt(`views:${day}`, end);
    if (visitor === "") continue;
    const last = seen.get(visitor) ?? Number.NEGATIVE_INFINITY;
    const isNew = ms - last > visitGapSeconds * 1000;
    const key = isNew ? `visits:${day}` : `visits:${day}:ms`;
    change.incrBy(key, isNew ? 1 : Math.max(0, ms - last)).pExpireAt(key, end);
    change.sAdd(`visitors:${day}`, visitor).pExpireAt(`visitors:${day}`, end);
    seen.set(visitor, Math.max(last, ms));
  }
  const keepMs = Math.max(activeSeconds, visitGapSeconds) * 1000;
  for (const [value, score] of seen) change.zAdd("last-view", { value, score });
  change.zRemRangeByScore("last-view", "-inf", Date.now() - keepMs).pExpire("last-view", keepMs);
  const ids = views.map(({ id }) => id);
  change.xAck("viewed", GROUP, ids).xDel("viewed", ids);
  await change.exec();
}
