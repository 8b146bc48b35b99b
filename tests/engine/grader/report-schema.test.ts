import path from "node:path";
import * as v from "valibot";
import { afterAll, expect, test } from "vitest";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { gradeSubmission } from "../../../engine/grader/grade-submission.ts";
import { reportSchema } from "../../../engine/grader/report.ts";
import { gradeText, rightAnswer } from "./grade-text.ts";
import { toJsonSchema } from "./to-json-schema.ts";

const repository = path.resolve(import.meta.dirname, "../../..");
const redises = new RedisStock({ ...process.env, WORKBOOK_REDIS: "embedded" });
afterAll(async () => await redises[Symbol.asyncDispose]());

/** As other programs get it. */
function expectValid(report: object): void {
  const { issues = [] } = v.safeParse(reportSchema, JSON.parse(JSON.stringify(report)));
  expect(issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toEqual([]);
}

test("report.schema.json says what a report is: made anew with --update", async () => {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "What one grading found: npm test … json, and .workbook/reports/*.json",
    ...toJsonSchema(reportSchema),
  };
  const text = `${JSON.stringify(schema, undefined, 2)}\n`;
  const file = path.join(repository, "engine/grader/report.schema.json");
  await expect(text).toMatchFileSnapshot(file);
});

test.each([
  ["pass", rightAnswer()],
  ["fail", rightAnswer().replace("context.redis.incr(", "(async () => 1)(")],
  ["fail", rightAnswer({ inApp: "setImmediate(() => { throw new Error('late'); });" })],
  ["could-not-be-graded", "export const createApp = 1;"],
] as const)("a report of the verdict %s is one", async (verdict, answer) => {
  const { report } = await gradeText(answer);
  expect(report).toMatchObject({ version: 1, verdict });
  expectValid(report);
});

test("one of an exercise with two programs too, with all that a failure can have", async () => {
  const folder = path.join(repository, "tests/exercises/session-sharing/wrong/counts-requests");
  const slug = "session-sharing";
  const report = await gradeSubmission({ repository, slug, folder, redises, only: [7, 12] });
  expect(report).toMatchObject({ verdict: "fail", programs: ["main", "service"] });
  expect(report.results[0]?.failure?.sent).not.toEqual([]);
  expectValid(report);
});

test("what is no report is told from one", () => {
  expect(v.is(reportSchema, { version: 1, slug: "tiny", verdict: "pass", points: 100 })).toBe(
    false,
  );
});
