import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { listSubmissions } from "../../../engine/catalog/content-rules/list-submissions.ts";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { listSlugs } from "../../../engine/grader/find-tested.ts";
import { gradeSubmission } from "../../../engine/grader/grade-submission.ts";
import type { Report } from "../../../engine/grader/report.ts";
import { printReport } from "../../../engine/terminal/report/print-report.ts";
import { createStyle } from "../../../engine/terminal/style.ts";

// What a learner reads whose answer has a known mistake: the report of the check that is there to
// catch it, for every wrong answer of every exercise. Recorded anew by `npx vitest run -u`, and
// read before it is committed.
const repository = path.resolve(import.meta.dirname, "../../..");
const redises = new RedisStock({ ...process.env, WORKBOOK_REDIS: "embedded" });
afterAll(async () => await redises[Symbol.asyncDispose]());

const terminal = {
  style: createStyle(false),
  isInteractive: false,
  columns: () => 100,
  rows: () => 24,
  write: () => {},
  writeLines: () => {},
};

/** What differs from run to run: times, random texts, ports. */
function withoutChance(text: string): string {
  return (
    text
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<date>")
      .replaceAll(/\b\d{5,}(?:\.\d+)?(?:-\d+)?\b/g, "<number>")
      // Seconds and milliseconds that are left depend on how long the requests took.
      .replaceAll(/(?<=Retry-After: )\d{2,}/g, "<seconds>")
      .replaceAll(/(?<=\(integer\) )\d{2,}/g, "<number>")
      .replaceAll(/s%3A[\w%.-]+/g, "<cookie>")
      .replaceAll(/\b[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}\b/g, "<uuid>")
      .replaceAll(/(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])/g, "<random>")
      .replaceAll(/<random>(?:<number>)+/g, "<random>")
      .replaceAll(/\(\d+ times\)/g, "(<number> times)")
      .replaceAll(/ · seed 1 · [\d.]+ s/g, "")
      .replaceAll(/on port \d+/g, "on port <port>")
  );
}

function inWords(report: Report): string {
  return withoutChance(printReport(report, { all: true, repository }, terminal));
}

// All of them take minutes: outside of .ci/run those of one exercise stand for the others.
const slugs = process.env["WORKBOOK_WHOLE_SUITE"] === "1" ? listSlugs(repository) : ["rate-limit"];

describe.each(slugs)("%s", async (slug) => {
  const wrong = (await listSubmissions(repository, slug)).filter(({ kind }) => kind === "wrong");
  test.each(wrong.map((one) => [path.basename(one.folder), one] as const))(
    "%s",
    async (name, submission) => {
      if (submission.kind !== "wrong") return;
      const { mustCatch, diagnosis } = submission.record;
      const { folder } = submission;
      const report = await gradeSubmission({
        repository,
        slug,
        folder,
        redises,
        seed: 1,
        only: [mustCatch],
      });
      expect(report.verdict).toBe("fail");
      const text = `${inWords(report)}\n\nIts diagnosis: ${diagnosis}\n`;
      await expect(text).toMatchFileSnapshot(`reports/${slug}/${name}.txt`);
    },
  );
});

test("a check's source and the grader's own files are in no report", async () => {
  const sources = await readFile(
    path.join(repository, "tests/exercises/rate-limit/checks.ts"),
    "utf8",
  );
  expect(sources).toContain("kit.stepThrough");
  const folder = path.join(repository, "tests/exercises/rate-limit/starter");
  const report = await gradeSubmission({
    repository,
    slug: "rate-limit",
    folder,
    redises,
    seed: 1,
  });
  const text = inWords(report) + JSON.stringify(report);
  for (const word of ["kit.", "checks.ts", "engine/", "node_modules", "at async"]) {
    expect(text).not.toContain(word);
  }
});
