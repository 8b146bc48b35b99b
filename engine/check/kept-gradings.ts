import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { GradedSubmission } from "../catalog/content-rules/judge-gradings.ts";
import { listFiles } from "../catalog/content-rules/list-files.ts";
import type { Submission } from "../catalog/content-rules/list-submissions.ts";
import { writeFileAtomically } from "../progress/write-file-atomically.ts";

const ROOMS = ["grader", "http", "process", "redis"].map((room) => path.join("engine", room));
/** Those of a grading's own exercise are what it is about. */
const SUBMISSIONS = /^(?:alt|starter|wrong)\//;
/** They say what is expected of a submission, not what it does. */
const RECORDS = /^(?:wrong\.json|README\.md)$/;

/** What gradings found, for as long as nothing that they depend on has changed. */
export interface KeptGradings {
  /** Grades, unless it is known what comes of it. */
  grade(
    submission: Submission,
    redis: string,
    anew: () => Promise<GradedSubmission>,
  ): Promise<GradedSubmission>;
  /** How many were known. */
  readonly known: number;
  /** Keeps what this run has found or used, and nothing else. */
  save(): Promise<void>;
}

/**
 * Reads what `.workbook/gradings` holds for an exercise, unless all is to be graded afresh. A grading is found again by everything that
 * it depends on: the submission, the checks, the grader and the Redis in front of it, the packages, Node.
 */
export async function openKeptGradings(
  repository: string,
  slug: string,
  redisVersions: Readonly<Record<string, string>>,
  afresh: boolean,
): Promise<KeptGradings> {
  const file = path.join(repository, ".workbook", "gradings", `${slug}.json`);
  const before = afresh ? {} : await readKept(file);
  const after: Record<string, GradedSubmission> = {};
  const tests = path.join("tests", "exercises", slug);
  const common = createHash("sha256").update(process.version);
  for (const room of ROOMS) await hashFolder(common, path.join(repository, room));
  await hashFolder(common, path.join(repository, tests), (name) => !SUBMISSIONS.test(name));
  common.update(await readFile(path.join(repository, "package-lock.json")));
  let known = 0;
  return {
    async grade({ folder }, redis, anew) {
      const hash = common.copy().update(`${redis} ${redisVersions[redis] ?? ""}`);
      await hashFolder(hash, folder, (name) => !RECORDS.test(name));
      const key = hash.digest("hex");
      const kept = before[key];
      if (kept !== undefined) known += 1;
      return (after[key] = kept ?? (await anew()));
    },
    get known() {
      return known;
    },
    async save() {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFileAtomically(file, JSON.stringify(after));
    },
  };
}

async function readKept(file: string): Promise<Readonly<Record<string, GradedSubmission>>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, GradedSubmission>;
  } catch {
    // None yet, or broken: then all is graded.
    return {};
  }
}

async function hashFolder(
  hash: ReturnType<typeof createHash>,
  folder: string,
  counts: (name: string) => boolean = () => true,
): Promise<void> {
  const names = (await listFiles(folder)).filter(counts);
  for (const name of names) {
    hash.update(`${name}\0`).update(await readFile(path.join(folder, name)));
  }
}
