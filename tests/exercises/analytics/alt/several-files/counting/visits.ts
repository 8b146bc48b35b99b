import type { Context } from "../../../starter/context.ts";
import { dayOf, endOf } from "./days.ts";

/** A sorted set of the visits that began on a day: who and when, and for how long in milliseconds. */
export class Visits {
  readonly #redis: Context["redis"];
  readonly #gapMs: number;
  readonly #keepDays: number;

  constructor({ redis, settings }: Context) {
    this.#redis = redis;
    this.#gapMs = settings.visitGapSeconds * 1000;
    this.#keepDays = settings.keepDays;
  }

  async goesOn(visitor: string, now: number): Promise<void> {
    const key = `visit:${visitor}`;
    const overAt = now + this.#gapMs;
    // The first of several at the same moment begins the visit, and all get its beginning.
    const [began] = await this.#redis
      .multi()
      .set(key, String(now), {
        condition: "NX",
        expiration: { type: "PXAT", value: overAt },
        GET: true,
      })
      .pExpireAt(key, overAt, "GT")
      .execTyped();
    const start = began === null ? now : Number(began);
    const day = dayOf(start);
    await this.#redis
      .multi()
      .zAdd(
        `visits:${day}`,
        { value: `${visitor} ${start}`, score: now - start },
        { comparison: "GT" },
      )
      .pExpireAt(`visits:${day}`, endOf(day, this.#keepDays))
      .exec();
  }

  async on(day: string): Promise<{ visits: number; averageVisitSeconds: number }> {
    const all = await this.#redis.zRangeWithScores(`visits:${day}`, 0, -1);
    const ms = all.reduce((sum, { score }) => sum + score, 0);
    const averageMs = all.length === 0 ? 0 : ms / all.length;
    return { visits: all.length, averageVisitSeconds: Math.round(averageMs / 1000) };
  }
}
