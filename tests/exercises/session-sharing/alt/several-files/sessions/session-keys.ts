import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { Settings } from "../../../starter/context.ts";

export interface Visitor {
  readonly name: string;
  readonly role: string;
  readonly language: string;
}

/** A session is two keys: `<prefix><id>:who` and `<prefix><id>:language`. */
export class SessionKeys {
  readonly #redis: Redis;
  readonly #settings: Settings;

  constructor(redis: Redis, settings: Settings) {
    this.#redis = redis;
    this.#settings = settings;
  }

  async begin({ name, role, language }: Visitor): Promise<string> {
    const id = randomUUID();
    const { sessionSeconds } = this.#settings;
    await this.#redis
      .multi()
      .setex(this.#key(id, "who"), sessionSeconds, JSON.stringify([name, role]))
      .setex(this.#key(id, "language"), sessionSeconds, JSON.stringify(language))
      .exec();
    return id;
  }

  /** Undefined when there is none, or something else lies there. */
  async read(id: string): Promise<Visitor | undefined> {
    const [who, language] = await this.#redis.mget(this.#key(id, "who"), this.#key(id, "language"));
    try {
      const [name, role] = JSON.parse(who ?? "");
      if (typeof name !== "string" || typeof role !== "string") return undefined;
      return { name, role, language: String(JSON.parse(language ?? "")) };
    } catch {
      return undefined;
    }
  }

  async setLanguage(id: string, language: string): Promise<void> {
    const text = JSON.stringify(language);
    await this.#redis.set(this.#key(id, "language"), text, "KEEPTTL");
  }

  async prolong(id: string): Promise<void> {
    const { sessionSeconds } = this.#settings;
    await this.#redis
      .pipeline()
      .expire(this.#key(id, "who"), sessionSeconds)
      .expire(this.#key(id, "language"), sessionSeconds)
      .exec();
  }

  async end(id: string): Promise<void> {
    await this.#redis.unlink(this.#key(id, "who"), this.#key(id, "language"));
  }

  #key(id: string, part: "who" | "language"): string {
    return `${this.#settings.prefix}${id}:${part}`;
  }
}
