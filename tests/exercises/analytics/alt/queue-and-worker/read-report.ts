import type { Report } from "../../starter/app.ts";
import type { Context } from "../../starter/context.ts";

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** What the worker has counted. */
export async function readReport({ redis, settings }: Context, day: string): Promise<Report> {
  const since = Date.now() - settings.activeSeconds * 1000;
  const [paths, visitors, activeNow, visits, ms] = await Promise.all([
    redis.zRangeWithScores(`views:${day}`, 0, -1),
    redis.sCard(`visitors:${day}`),
    redis.zCount("last-view", since, "+inf"),
    redis.get(`visits:${day}`),
    redis.get(`visits:${day}:ms`),
  ]);
  return {
    day,
    views: paths.reduce((sum, { score }) => sum + score, 0),
    paths: Object.fromEntries(paths.map(({ value, score }) => [value, score])),
    visitors,
    activeNow,
    visits: Number(visits),
    averageVisitSeconds: Math.round(Number(ms) / 1000 / Math.max(1, Number(visits))),
  };
}
