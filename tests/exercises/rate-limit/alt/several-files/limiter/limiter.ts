import type { Context, Settings } from "../../../starter/context.ts";
import { Window } from "./window.ts";

export interface Attempt {
  /** Greater than 0: don't look at the password. */
  readonly refusedForMs: number;
  succeeded(): Promise<void>;
}

export interface Limiter {
  begin(name: string, address: string): Promise<Attempt>;
}

/** Counts an attempt as failed until it has succeeded. */
export function createLimiter(redis: Context["redis"], settings: Settings): Limiter {
  return {
    async begin(name, address) {
      const { accountLimit, addressLimit, windowSeconds } = settings;
      const account = new Window(redis, `a:${name}`, accountLimit, windowSeconds);
      const origin = new Window(redis, `o:${address}`, addressLimit, windowSeconds);
      const accountMs = await account.add();
      const originMs = await origin.add();
      const refusedForMs = Math.max(accountMs, originMs);
      if (refusedForMs > 0) await Promise.all([account.takeBack(), origin.takeBack()]);
      return {
        refusedForMs,
        succeeded: async () => {
          await Promise.all([account.clear(), origin.takeBack()]);
        },
      };
    },
  };
}
