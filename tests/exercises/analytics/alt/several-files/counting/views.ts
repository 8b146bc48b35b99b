import type { Context } from "../../../starter/context.ts";
import { dayOf, endOf } from "./days.ts";

/** A counter for each page and day, and the set of pages of a day. */
export class Views {
  readonly #redis: Context["redis"];
  readonly #keepDays: number;

  constructor({ redis, settings }: Context) {
    this.#redis = redis;
    this.#keepDays = settings.keepDays;
  }

  async add(path: string, now: number): Promise<void> {
    const day = dayOf(now);
    const end = endOf(day, this.#keepDays);
    await this.#redis
      .multi()
      .incr(`views:${day}:${path}`)
      .pExpireAt(`views:${day}:${path}`, end)
      .sAdd(`pages:${day}`, path)
      .pExpireAt(`pages:${day}`, end)
      .exec();
  }

  async on(day: string): Promise<Record<string, number>> {
    const pages = await this.#redis.sMembers(`pages:${day}`);
    if (pages.length === 0) return {};
    const counts = await this.#redis.mGet(pages.map((page) => `views:${day}:${page}`));
    return Object.fromEntries(pages.map((page, at) => [page, Number(counts[at] ?? 0)]));
  }
}
