import type { Context } from "../../starter/context.ts";
import { dayOf } from "../../../../../solutions/analytics/days.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Analytics {
  countView(path: string, visitor: string | undefined): void;
  report(day: string): Promise<object>;
}

interface Day {
  readonly paths: Map<string, number>;
  readonly visitors: Set<string>;
  visits: number;
  visitMs: number;
}

export function createAnalytics({ settings }: Context): Analytics {
  const { activeSeconds, visitGapSeconds, keepDays } = settings;
  const days = new Map<string, Day>();
  const lastSeen = new Map<string, number>();

  const dayAt = (now: number): Day => {
    for (const name of days.keys()) {
      if (Date.parse(name) + (keepDays + 1) * DAY_MS <= now) days.delete(name);
    }
    const day = days.get(dayOf(now)) ?? {
      paths: new Map<string, number>(),
      visitors: new Set<string>(),
      visits: 0,
      visitMs: 0,
    };
    days.set(dayOf(now), day);
    return day;
  };

  return {
    countView(path, visitor) {
      const now = Date.now();
      const day = dayAt(now);
      day.paths.set(path, (day.paths.get(path) ?? 0) + 1);
      if (visitor === undefined) return;
      day.visitors.add(visitor);
      const pause = now - (lastSeen.get(visitor) ?? 0);
      if (pause > visitGapSeconds * 1000) day.visits += 1;
      else day.visitMs += pause;
      lastSeen.set(visitor, now);
    },
    async report(name) {
      const now = Date.now();
      dayAt(now);
      const { paths, visitors, visits, visitMs } = days.get(name) ?? {
        paths: new Map<string, number>(),
        visitors: new Set<string>(),
        visits: 0,
        visitMs: 0,
      };
      const since = now - activeSeconds * 1000;
      return {
        day: name,
        views: [...paths.values()].reduce((sum, views) => sum + views, 0),
        paths: Object.fromEntries(paths),
        visitors: visitors.size,
        activeNow: [...lastSeen.values()].filter((ms) => ms >= since).length,
        visits,
        averageVisitSeconds: visits === 0 ? 0 : Math.round(visitMs / visits / 1000),
      };
    },
  };
}
