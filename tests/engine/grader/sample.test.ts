import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { listSubmissions } from "../../../engine/catalog/content-rules/list-submissions.ts";
import { listSlugs } from "../../../engine/grader/find-tested.ts";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { gradeSubmission } from "../../../engine/grader/grade-submission.ts";
import { hasRedisServer } from "../redis/has-redis-server.ts";

// A sample of what `npm run check` proves of every answer on both kinds of Redis: each solution on the
// embedded one, and one of them on a server. Wrong answers are graded by failure-reports.test.ts.
const ON_A_SERVER = "rate-limit";

const repository = path.resolve(import.meta.dirname, "../../..");
const kinds = hasRedisServer ? (["embedded", "server"] as const) : (["embedded"] as const);
const stocks = new Map(
  kinds.map((kind) => [kind, new RedisStock({ ...process.env, WORKBOOK_REDIS: kind })]),
);
afterAll(async () => {
  for (const stock of stocks.values()) await stock[Symbol.asyncDispose]();
});

describe.each(listSlugs(repository))("%s", async (slug) => {
  const listed = await listSubmissions(repository, slug);
  const solution = listed.find(({ kind }) => kind === "solution");
  for (const [redis, redises] of stocks) {
    if (redis === "server" && slug !== ON_A_SERVER) continue;
    test(`the solution on the ${redis} Redis`, async () => {
      expect(solution).toBeDefined();
      const { folder = "" } = solution ?? {};
      const report = await gradeSubmission({ repository, slug, folder, redises });
      const failures = report.results.filter(({ passed }) => !passed);
      expect(failures.map(({ number, failure }) => [number, failure?.why])).toEqual([]);
      expect(report.verdict).toBe("pass");
      expect(report.maximumPoints).toBe(100);
    }, 120_000);
  }
});
