import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import stringWidth from "string-width";
import { afterAll, describe, expect, test } from "vitest";
import { listSubmissions } from "../../../engine/catalog/content-rules/list-submissions.ts";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { findDiagnoses } from "../../../engine/grader/diagnosis.ts";
import { listSlugs } from "../../../engine/grader/find-tested.ts";
import { gradeSubmission } from "../../../engine/grader/grade-submission.ts";
import type { Report } from "../../../engine/grader/report.ts";
import { printReport } from "../../../engine/terminal/report/print-report.ts";
import { createStyle } from "../../../engine/terminal/style.ts";
import { withoutChance } from "./without-chance.ts";

// What a learner reads whose answer has a known mistake: the report of the check that is there to
// catch it, for every wrong answer of every exercise. Recorded anew by
// `WORKBOOK_WHOLE_SUITE=1 npx vitest run tests/engine/grader/failure-reports.test.ts --update`, and
// read before it is committed.
const repository = path.resolve(import.meta.dirname, "../../..");
const redises = new RedisStock({ ...process.env, WORKBOOK_REDIS: "embedded" });
afterAll(async () => await redises[Symbol.asyncDispose]());

function inWords(report: Report, columns = 80): string {
  const terminal = {
    style: createStyle(false),
    isInteractive: false,
    columns: () => columns,
    rows: () => 24,
    write: () => {},
    writeLines: () => {},
  };
  const text = printReport(withoutChance(report), { all: true, repository }, terminal);
  // Wrong answers follow the solution, whose lines move.
  return text.replaceAll(/(\.[cm]?[jt]s)(?::\d+)+/g, "$1:…");
}

/** Lines that are there to be copied or followed stay whole, whatever their length. */
const COPIED = /(?:^ +|Sent {6})curl |^ *(?:npm (?:test|run) |at \S+:…$)/;

// All of them take minutes: outside of .ci/run one of each exercise stands for the others.
const isWhole = process.env["WORKBOOK_WHOLE_SUITE"] === "1";

describe.each(listSlugs(repository))("%s", async (slug) => {
  const wrong = (await listSubmissions(repository, slug)).filter(({ kind }) => kind === "wrong");
  test("no report is left of an answer that is gone", async () => {
    const reports = await readdir(path.join(import.meta.dirname, "reports", slug));
    const names = wrong.map(({ folder }) => `${path.basename(folder)}.txt`);
    expect(reports.filter((name) => !names.includes(name))).toEqual([]);
  });

  const chosen = isWhole ? wrong : wrong.slice(0, 1);
  test.each(chosen.map((one) => [path.basename(one.folder), one] as const))(
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
      // The whole run fails the same way: this is then said of it.
      const [caught] = report.results;
      const failing = submission.record.fails.map((number) => ({
        number,
        failure: number === mustCatch ? caught?.failure : undefined,
      }));
      const found = await findDiagnoses(path.dirname(path.dirname(folder)), failing);
      expect(found).toContain(diagnosis);
      if (submission.record.says !== undefined) expect(found).toEqual([diagnosis]);
      for (const columns of [40, 80, 120]) {
        const lines = inWords(report, columns).split("\n");
        const tooLong = lines.filter((line) => stringWidth(line) > columns && !COPIED.test(line));
        expect(tooLong).toEqual([]);
      }
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
