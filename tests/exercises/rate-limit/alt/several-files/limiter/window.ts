import type { Context } from "../../../starter/context.ts";

/** One count: a hash that lives for a window from its first failure. */
export class Window {
  constructor(
    private readonly redis: Context["redis"],
    private readonly key: string,
    private readonly limit: number,
    private readonly seconds: number,
  ) {}

  /** Counts one more; answers for how long it is too many, or 0. */
  async add(): Promise<number> {
    const [count, , leftMs] = await this.change(1);
    return count > this.limit ? Math.max(1, leftMs) : 0;
  }

  async takeBack(): Promise<void> {
    await this.change(-1);
  }

  async clear(): Promise<void> {
    await this.redis.unlink(this.key);
  }

  private change(by: number) {
    return this.redis
      .multi()
      .hIncrBy(this.key, "failures", by)
      .expire(this.key, this.seconds, "NX")
      .pTTL(this.key)
      .execTyped();
  }
}
