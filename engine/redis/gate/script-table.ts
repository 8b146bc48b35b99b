import { createHash } from "node:crypto";
import type { StartedRedis } from "../provide-redis.ts";

const MOST_SCRIPTS = 1000;
const LONGEST_BYTES = 1024 * 1024;
const tables = new WeakMap<StartedRedis, ScriptTable>();

/** The scripts that programs have sent: after travelling, EVALSHA needs their text. */
export class ScriptTable {
  readonly #scripts = new Map<string, Buffer>();

  /** The one of this Redis: a script loaded through one gate is called through another. */
  static of(redis: StartedRedis): ScriptTable {
    const table = tables.get(redis) ?? new ScriptTable();
    tables.set(redis, table);
    return table;
  }

  remember(script: Buffer): void {
    if (script.length > LONGEST_BYTES) return;
    const sha = sha1(script);
    if (this.#scripts.has(sha)) return;
    // A copy: the original is a slice of a larger chunk.
    this.#scripts.set(sha, Buffer.from(script));
    if (this.#scripts.size <= MOST_SCRIPTS) return;
    for (const oldest of this.#scripts.keys()) {
      this.#scripts.delete(oldest);
      return;
    }
  }

  find(sha: string): Buffer | undefined {
    return this.#scripts.get(sha.toLowerCase());
  }

  clear(): void {
    this.#scripts.clear();
  }
}

/** The name of a script, as Redis computes it. */
export function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}
