import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import type { GradedSubmission } from "../catalog/content-rules/judge-gradings.ts";
import { listFiles } from "../catalog/content-rules/list-files.ts";
import type { Submission } from "../catalog/content-rules/list-submissions.ts";
import { writeFileAtomically } from "../progress/write-file-atomically.ts";

const ROOMS = ["grader", "http", "process", "redis"].map((room) => path.join("engine", room));
/** Beside the checks: the submissions, each of which counts for its own grading, and what nothing depends on. */
const NOT_COMMON = /^(?:(?:alt|starter|wrong)\/|gradings\.json$|equivalent-mutants\.json$)/;
/** They say what is expected of a submission, not what it does. */
const EXPECTATIONS = /^(?:wrong\.json|README\.md)$/;

/** By `wrong/no-lock on server`: what it depended on, and `passes` or `fails 3 7`. */
const recordShape = v.record(
  v.string(),
  v.object({ of: v.string(), outcome: v.pipe(v.string(), v.regex(/^(?:passes|fails(?: \d+)+)$/)) }),
);
type Recorded = v.InferOutput<typeof recordShape>;

/** What gradings have found, for as long as nothing that they depend on has changed. */
export interface RecordedGradings {
  /** Grades, unless it is recorded what comes of it. */
  grade(
    submission: Submission,
    redis: string,
    anew: () => Promise<GradedSubmission>,
  ): Promise<GradedSubmission>;
  /** How many were recorded. */
  readonly known: number;
  /** Gradings done afresh that did not find what is recorded of the same code: `wrong/no-lock on server`. */
  readonly changed: readonly string[];
  /** Records what this run has found or used. */
  save(): Promise<void>;
}

export interface RecordOptions {
  readonly checkNumbers: readonly number[];
  /** Those of this run; what is recorded of another kind stays. */
  readonly redisKinds: readonly string[];
  /** Nothing is taken from the record. */
  readonly afresh: boolean;
}

/**
 * Reads `tests/exercises/<slug>/gradings.json`, which is committed, so that not everybody has to grade
 * everything. A grading counts as recorded while the submission, the checks, the grader, the Redis in
 * front of it and the packages are the same, byte for byte. Verdicts do not depend on the machine
 * (the flake runs are the proof), so neither Node nor the server's version is in it.
 * With `afresh` all is graded, and compared with the record.
 */
export async function openRecordedGradings(
  repository: string,
  slug: string,
  { checkNumbers, redisKinds, afresh }: RecordOptions,
): Promise<RecordedGradings> {
  const tests = path.join("tests", "exercises", slug);
  const file = path.join(repository, tests, "gradings.json");
  const before = await readRecord(file);
  const after: Recorded = {};
  const changed: string[] = [];
  const common = createHash("sha256");
  for (const room of ROOMS) await hashFolder(common, path.join(repository, room));
  await hashFolder(common, path.join(repository, tests), (name) => !NOT_COMMON.test(name));
  common.update(await readFile(path.join(repository, "package-lock.json")));
  let known = 0;
  return {
    async grade({ folder, name: ofRepository }, redis, anew) {
      const hash = common.copy();
      await hashFolder(hash, folder, (name) => !EXPECTATIONS.test(name));
      const of = hash.digest("hex").slice(0, 32);
      const name = `${ofRepository.replace(`tests/exercises/${slug}/`, "")} on ${redis}`;
      const recorded = before[name]?.of === of ? before[name] : undefined;
      if (recorded !== undefined && !afresh) {
        known += 1;
        after[name] = recorded;
        return readOutcome(recorded.outcome, checkNumbers);
      }
      const graded = await anew();
      const outcome = writeOutcome(graded);
      if (recorded !== undefined && recorded.outcome !== outcome) changed.push(name);
      if (outcome !== undefined) after[name] = { of, outcome };
      return graded;
    },
    get known() {
      return known;
    },
    changed,
    async save() {
      const others = Object.entries(before).filter(
        ([name]) => !redisKinds.some((kind) => name.endsWith(` on ${kind}`)),
      );
      const lines = [...Object.entries(after), ...others]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { of, outcome }]) => {
          return `  ${JSON.stringify(name)}: { "of": "${of}", "outcome": "${outcome}" }`;
        });
      await writeFileAtomically(file, `{\n${lines.join(",\n")}\n}\n`);
    },
  };
}

/** What could not be graded is not recorded: nobody knows why, and it is to be seen again. */
function writeOutcome({ verdict, failed }: GradedSubmission): string | undefined {
  if (verdict === "could not be graded") return undefined;
  return verdict === "pass" ? "passes" : ["fails", ...failed].join(" ");
}

function readOutcome(outcome: string, checkNumbers: readonly number[]): GradedSubmission {
  const failed = outcome.split(" ").slice(1).map(Number);
  return {
    verdict: failed.length === 0 ? "pass" : "fail",
    passed: checkNumbers.filter((number) => !failed.includes(number)),
    failed,
    reason: undefined,
  };
}

async function readRecord(file: string): Promise<Recorded> {
  try {
    return v.parse(recordShape, JSON.parse(await readFile(file, "utf8")));
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
