import type { Context } from "../../../starter/context.ts";
import { dayOf, endOf } from "./days.ts";

const DAY_MS = 86_400_000;

/** A hash for each day: when each of its visitors was seen last. */
export class Visitors {
  readonly #redis: Context["redis"];
  readonly #settings: Context["settings"];

  constructor({ redis, settings }: Context) {
    this.#redis = redis;
    this.#settings = settings;
  }

  async seen(visitor: string, now: number): Promise<void> {
    const day = dayOf(now);
    await this.#redis
      .multi()
      .hSet(`visitors:${day}`, visitor, String(now))
      .pExpireAt(`visitors:${day}`, endOf(day, this.#settings.keepDays))
      .exec();
  }

  async on(day: string): Promise<number> {
    return await this.#redis.hLen(`visitors:${day}`);
  }

  async activeAt(now: number): Promise<number> {
    const days = [dayOf(now - DAY_MS), dayOf(now)];
    const seen = new Map<string, number>();
    for (const day of days) {
      for (const [visitor, ms] of Object.entries(await this.#redis.hGetAll(`visitors:${day}`))) {
        seen.set(visitor, Number(ms));
      }
    }
    const since = now - this.#settings.activeSeconds * 1000;
    return [...seen.values()].filter((ms) => ms >= since).length;
  }
}
