import { withDeadline } from "../../process/deadline.ts";
import { openRedis } from "../../redis/open-redis.ts";
import { parseRedisUrl } from "../../redis/parse-redis-url.ts";
import { provideRedis, type RedisValue, type StartedRedis } from "../../redis/provide-redis.ts";

const CLEANING_DEADLINE_MS = 1000;

/**
 * Redises for one boot after the other. What a boot gives back is emptied and used again, which
 * takes 3 ms instead of the 30 to 100 of a new one. Those that are left end with the stock.
 */
export class RedisStock implements AsyncDisposable {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #free: StartedRedis[] = [];
  readonly #starting = new Set<Promise<unknown>>();
  #isClosed = false;

  /** @param environment for provideRedis */
  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** Starts as many ahead; what fails is heard of by who takes one. */
  prepare(count: number): void {
    for (let at = this.#free.length + this.#starting.size; at < count; at += 1) {
      const one = this.#start().then((redis) => this.#putBack(redis));
      this.#starting.add(one);
      void one.catch(() => {}).finally(() => this.#starting.delete(one));
    }
  }

  /** Resolves once all that were begun are ready. */
  async ready(): Promise<void> {
    await Promise.allSettled(this.#starting);
  }

  /** One for a boot, empty; it comes back to the stock when it is disposed of. */
  async take(): Promise<StartedRedis> {
    while (this.#free.length === 0 && this.#starting.size > 0) {
      await Promise.race([...this.#starting].map(async (one) => await one.catch(() => {})));
    }
    const redis = this.#free.pop() ?? (await this.#start());
    return {
      ...redis,
      get offsetMs() {
        return redis.offsetMs;
      },
      [Symbol.asyncDispose]: async () => await this.#giveBack(redis),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.ready();
    await Promise.all(
      this.#free.splice(0).map(async (redis) => await redis[Symbol.asyncDispose]()),
    );
  }

  async #start(): Promise<StartedRedis> {
    const redis = await provideRedis({ purpose: "grading", environment: this.#environment });
    // The embedded one loads its Lua with the first script, which would then be slower than others.
    await redis.command("EVAL", "return 1", "0");
    return redis;
  }

  async #giveBack(redis: StartedRedis): Promise<void> {
    try {
      // One that a script of the submission keeps busy is of no use any more.
      if (!this.#isClosed) await withDeadline(empty(redis), CLEANING_DEADLINE_MS, "Emptying Redis");
    } catch {
      await redis[Symbol.asyncDispose]();
      return;
    }
    await this.#putBack(redis);
  }

  async #putBack(redis: StartedRedis): Promise<void> {
    if (this.#isClosed) await redis[Symbol.asyncDispose]();
    else this.#free.push(redis);
  }
}

/** As it was when it had just started: no client of the last boot, no data, no scripts, its own time. */
async function empty(redis: StartedRedis): Promise<void> {
  // A connection that was opened last is accepted last: now all of the last boot are known, and
  // nothing that one of them had still under way comes after the flush.
  const last = await openRedis(parseRedisUrl(redis.url));
  try {
    const ids = [await redis.command("CLIENT", "ID"), await last.command("CLIENT", "ID")].map(
      Number,
    );
    for (const id of clientIds(await last.command("CLIENT", "LIST"))) {
      if (!ids.includes(id)) await last.command("CLIENT", "KILL", "ID", String(id));
    }
    await last.command("FLUSHALL");
    await last.command("SCRIPT", "FLUSH");
    // The embedded Redis has no functions.
    await last.command("FUNCTION", "FLUSH").catch(() => {});
    await redis.travel(-redis.offsetMs);
  } finally {
    last.close();
  }
}

function clientIds(list: RedisValue): number[] {
  return [...String(list).matchAll(/^id=(\d+)/gm)].map(([, id]) => Number(id));
}
