// A store of our own on ioredis: small enough to stay with the commands that the mock gets right.
import session, { type SessionData } from "express-session";
import type { Redis } from "ioredis";

// #region store
export class MockableStore extends session.Store {
  readonly #redis: Pick<Redis, "get" | "set" | "del">;

  constructor(redis: Pick<Redis, "get" | "set" | "del">) {
    super();
    this.#redis = redis;
  }

  override get(id: string, tell: (error: unknown, data?: SessionData | null) => void): void {
    this.#redis.get(`sess:${id}`).then((text) => tell(null, text && JSON.parse(text)), tell);
  }

  override set(id: string, data: SessionData, tell?: (error?: unknown) => void): void {
    this.#redis.set(`sess:${id}`, JSON.stringify(data), "EX", 1800).then(() => tell?.(), tell);
  }

  override destroy(id: string, tell?: (error?: unknown) => void): void {
    this.#redis.del(`sess:${id}`).then(() => tell?.(), tell);
  }
}
// #endregion
