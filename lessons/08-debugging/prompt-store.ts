// A session store that answers in time, whatever Redis does.
import { RedisStore } from "connect-redis";
import type { SessionData } from "express-session";

type Done = (error?: unknown, data?: SessionData | null) => void;

// #region store
export class PromptStore extends RedisStore {
  override async get(id: string, done: Done): Promise<void> {
    await super.get(id, inTime(done));
  }

  override async set(id: string, data: SessionData, done: Done): Promise<void> {
    await super.set(id, data, inTime(done));
  }

  override async touch(id: string, data: SessionData, done: Done): Promise<void> {
    await super.touch(id, data, inTime(done));
  }

  override async destroy(id: string, done: Done): Promise<void> {
    await super.destroy(id, inTime(done));
  }
}

/** The callback, which hears of an error when it has heard nothing for half a second. It is called once. */
function inTime(done: Done): Done {
  let isOver = false;
  const finish: Done = (...result) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    done(...result);
  };
  const timer = setTimeout(() => finish(new Error("Redis did not answer in 500 ms")), 500);
  return finish;
}
// #endregion
