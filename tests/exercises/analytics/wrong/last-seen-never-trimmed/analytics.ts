import { createHmac } from "node:crypto";
import type { Context } from "../../starter/context.ts";
import { dayOf, endOf } from "../../../../../solutions/analytics/days.ts";

const SECOND_MS = 1000;
const LAST_SEEN = "analytics:last-seen";
const ACTIVE = "analytics:active";

export interface Analytics {
  /** Counts one view. Returns at once and never throws: no page waits for it, or fails with it. */
  countView(path: string, visitor: string | undefined): void;
  report(day: string): Promise<object>;
}

export function createAnalytics({ redis, secret, settings }: Context): Analytics {
  const { activeSeconds, visitGapSeconds, keepDays } = settings;
  /** What Redis knows of a visitor leads back to no cookie. */
  const pseudonymOf = (visitor: string) =>
    createHmac("sha256", secret).update(`visitor in analytics ${visitor}`).digest("base64url");

  const count = async (path: string, visitor: string | undefined): Promise<void> => {
    const now = Date.now();
    const day = dayOf(now);
    const { counts, visitors } = keysOf(day);
    await redis.eval(countScript, {
      keys: [counts, visitors, LAST_SEEN, ACTIVE],
      arguments: [
        path,
        visitor === undefined ? "" : pseudonymOf(visitor),
        String(now),
        String(visitGapSeconds * SECOND_MS),
        String(visitGapSeconds * SECOND_MS),
        String(endOf(day, keepDays).getTime()),
        String(activeSeconds * SECOND_MS),
      ],
    });
  };

  return {
    countView(path, visitor) {
      count(path, visitor).catch((error) => console.error("a view was not counted:", error));
    },
    async report(day) {
      const { counts, visitors } = keysOf(day);
      const [all, visitorCount, activeNow] = await redis
        .multi()
        .hGetAll(counts)
        .pfCount(visitors)
        .zCount(ACTIVE, Date.now() - activeSeconds * SECOND_MS, "+inf")
        .execTyped();
      const paths: Record<string, number> = {};
      for (const [field, value] of Object.entries(all)) {
        if (field.startsWith("/")) paths[field] = Number(value);
      }
      const visits = Number(all["visits"] ?? 0);
      const seconds = Number(all["visitMs"]) / SECOND_MS;
      return {
        day,
        views: Object.values(paths).reduce((sum, views) => sum + views, 0),
        paths,
        visitors: visitorCount,
        activeNow,
        visits,
        averageVisitSeconds: visits === 0 ? 0 : Math.round(seconds / visits),
      };
    },
  };
}

function keysOf(day: string): { counts: string; visitors: string } {
  return { counts: `analytics:counts:${day}`, visitors: `analytics:visitors:${day}` };
}

/**
 * One view, in one step: nothing can come between reading when a visitor was last seen and writing
 * it, and no key is ever without its expiry. A visit grows by the time since the view before.
 */
const countScript = `
  local counts, visitors, lastSeen = KEYS[1], KEYS[2], KEYS[3]
  local path, visitor, goneAt = ARGV[1], ARGV[2], ARGV[6]
  local now, gap, keepSeen = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

  redis.call("HINCRBY", counts, path, 1)
  if visitor ~= "" then
    local last = redis.call("ZSCORE", lastSeen, visitor)
    if not last or now - last > gap then
      redis.call("HINCRBY", counts, "visits", 1)
      last = now
    end
    redis.call("HINCRBY", counts, "visitMs", now - last)
    redis.call("ZADD", lastSeen, now, visitor)
    redis.call("ZREMRANGEBYSCORE", lastSeen, "-inf", now - keepSeen)
    redis.call("PEXPIRE", lastSeen, keepSeen)
    redis.call("ZADD", KEYS[4], now, visitor)
    redis.call("PEXPIRE", KEYS[4], ARGV[7])
    redis.call("PFADD", visitors, visitor)
    redis.call("PEXPIREAT", visitors, goneAt)
  end
  redis.call("PEXPIREAT", counts, goneAt)
`;
