import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll } from "vitest";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { gradeSubmission, type GradeOptions } from "../../../engine/grader/grade-submission.ts";
import type { Report } from "../../../engine/grader/report.ts";
import { leftProcesses } from "./left-processes.ts";

/** One Redis serves one grading after the other: that is what a stock is for. */
const embedded = new RedisStock({ ...process.env, WORKBOOK_REDIS: "embedded" });
afterAll(async () => await embedded[Symbol.asyncDispose]());

const repository = path.resolve(import.meta.dirname, "../../..");
export const tiny = path.join(import.meta.dirname, "tiny");

/** The right answer, with a place for what a test wants to add. */
export function rightAnswer({ atTop = "", inApp = "" } = {}): string {
  return `import express from "express";
${atTop}
export function createApp(context) {
  const app = express();
  app.use(express.json());
  ${inApp}
  app.get("/", async (req, res) => res.json({ hello: await context.nameOf(1) }));
  app.post("/visits", async (req, res) => {
    res.json({ visits: await context.redis.incr("visits:" + req.body.page) });
  });
  return app;
}
`;
}

export interface Graded {
  readonly report: Report;
  /** Why a check failed: the sentence, and the last answer. */
  readonly why: Readonly<Record<number, string>>;
  /** What is left of it: processes, temporary files, files beside the submission. */
  readonly left: readonly string[];
}

/**
 * Grades a submission of the tiny exercise that consists of these files, `app.js` alone when it is a text.
 * It gets a place for temporary files of its own, so that what stays behind is found.
 */
export async function gradeText(
  files: string | Readonly<Record<string, string>>,
  options: Partial<GradeOptions> = {},
): Promise<Graded> {
  const parent = path.join(repository, ".workbook");
  await mkdir(parent, { recursive: true });
  const room = await realpath(await mkdtemp(path.join(parent, "test-grader-")));
  const [folder, temporary] = [path.join(room, "my answer"), path.join(room, "tmp")];
  const before = process.env["TMPDIR"];
  try {
    await Promise.all([mkdir(folder), mkdir(temporary)]);
    const all = typeof files === "string" ? { "app.js": files } : files;
    for (const [name, text] of Object.entries(all)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    process.env["TMPDIR"] = temporary;
    const report = await gradeSubmission({
      repository: tiny,
      slug: "tiny",
      folder,
      ...(options.redis === undefined ? { redises: embedded } : {}),
      seed: 1,
      ...options,
    });
    const failures = report.results.filter(({ failure }) => failure !== undefined);
    const beside = (await readdir(folder, { recursive: true })).filter(
      (name) => !Object.keys(all).some((file) => file.startsWith(name)),
    );
    return {
      report: JSON.parse(JSON.stringify(report).replaceAll(folder, "<folder>")) as Report,
      why: Object.fromEntries(
        failures.map(({ number, failure }) => [number, failure?.death?.message ?? failure?.why]),
      ) as Record<number, string>,
      left: [
        ...(await leftProcesses(temporary)),
        // tsx keeps what it has transformed for the next run.
        ...(await readdir(temporary)).filter((name) => !name.startsWith("tsx-")),
        ...beside,
      ],
    };
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    await rm(room, { recursive: true, force: true });
  }
}
