import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { checkExerciseTexts } from "../catalog/content-rules/check-exercise-texts.ts";
import type { ContentViolation } from "../catalog/content-rules/content-violation.ts";
import type { GradedSubmission } from "../catalog/content-rules/judge-gradings.ts";
import type { Submission } from "../catalog/content-rules/list-submissions.ts";
import { proveExercise } from "../catalog/content-rules/prove-exercise.ts";
import { UserError } from "../errors.ts";
import type { Check } from "../grader/check.ts";
import type { Exercise } from "../grader/exercise.ts";
import { RedisStock } from "../grader/boot/redis-stock.ts";
import { loadChecks } from "../grader/load-checks.ts";
import { gradeSubmission } from "../grader/grade-submission.ts";
import type { Report } from "../grader/report.ts";
import { openRecordedGradings } from "./recorded-gradings.ts";

export interface ExerciseProof {
  readonly violations: readonly ContentViolation[];
  /** How many submissions were graded, each on each kind of Redis. */
  readonly gradings: number;
  /** How many of them were recorded. */
  readonly known: number;
}

export interface ProveOptions {
  readonly redisKinds: readonly ("embedded" | "server")[];
  /** 8: one submission in eight. */
  readonly every?: number | undefined;
  /** Nothing is taken from the record. */
  readonly afresh?: boolean | undefined;
  readonly onGraded?: (done: number, all: number) => void;
}

/**
 * Proves the checks of one exercise: its texts agree with them, and every submission that is
 * kept for them gets the verdict that its kind demands, on each kind of Redis.
 */
export async function proveChecks(
  repository: string,
  slug: string,
  options: ProveOptions,
): Promise<ExerciseProof> {
  const tests = `tests/exercises/${slug}`;
  let checks: readonly Check[];
  let exercise: Exercise;
  try {
    ({ checks, exercise } = await load(repository, tests));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const remedy = "Write it (CONTRIBUTING.md, Adding an exercise).";
    return { violations: [{ file: tests, problem, remedy }], gradings: 0, known: 0 };
  }
  // A text that is missing is reported with the stray files.
  const hasTexts = ["README.md", "hints.md"].every((name) =>
    existsSync(path.join(repository, "exercises", slug, name)),
  );
  const texts = hasTexts ? await checkExerciseTexts(repository, slug, checks) : [];
  let gradings = 0;
  // One grading after the other uses the same Redises.
  await using embedded = redisesOf("embedded");
  await using server = redisesOf("server");
  const redises = { embedded, server };
  const recorded = await openRecordedGradings(repository, slug, {
    checkNumbers: checks.map(({ number }) => number),
    redisKinds: options.redisKinds,
    afresh: options.afresh === true,
  });
  try {
    const proof = await proveExercise({
      repository,
      slug,
      checkNumbers: checks.map(({ number }) => number),
      entries: exercise.programs.map((program) => `${program}.ts`),
      redisKinds: options.redisKinds,
      every: options.every,
      parallel: availableParallelism(),
      grade: async (submission, redis) =>
        await recorded.grade(
          submission,
          redis,
          async () => await grade(repository, submission, redises[redis]),
        ),
      onGraded: (done, all) => {
        gradings = done;
        options.onGraded?.(done, all);
      },
    });
    const changes = recorded.changed.map((what) => ({
      file: `${tests}/gradings.json`,
      problem: `The same code got another verdict than the one recorded: ${what}.`,
      remedy: "Find out what it depends on; npm run flake grades under load.",
    }));
    return { violations: [...texts, ...proof, ...changes], gradings, known: recorded.known };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message: problem, hint: remedy = "Mend it." } = error;
    return {
      violations: [...texts, { file: tests, problem, remedy }],
      gradings,
      known: recorded.known,
    };
  } finally {
    // A part would forget what is known of the rest.
    if (options.every === undefined) await recorded.save();
  }
}

async function load(
  repository: string,
  tests: string,
): Promise<{ exercise: Exercise; checks: readonly Check[] }> {
  const loaded = await loadChecks(path.join(repository, tests));
  for (const name of ["checks", "exercise"] as const) {
    if (loaded[name] === undefined) throw new Error(`${tests}/${name}.ts exports no "${name}".`);
  }
  return loaded;
}

async function grade(
  repository: string,
  submission: Submission,
  redises: RedisStock,
): Promise<GradedSubmission> {
  const { slug, folder } = submission;
  try {
    return toGraded(await gradeSubmission({ repository, slug, folder, redises }));
  } catch (error) {
    // One grading that breaks must not hide what the others say.
    const reason = `the grader broke: ${error instanceof Error ? error.message : String(error)}`;
    return { verdict: "could not be graded", passed: [], failed: [], reason };
  }
}

function redisesOf(kind: "embedded" | "server"): RedisStock {
  return new RedisStock({ ...process.env, WORKBOOK_REDIS: kind });
}

function toGraded(report: Report): GradedSubmission {
  const numbers = (passed: boolean) =>
    report.results.filter((result) => result.passed === passed).map(({ number }) => number);
  const first = report.results.find(({ failure }) => failure !== undefined);
  const why = first === undefined ? undefined : `${first.number}: ${first.failure?.why}`;
  return {
    verdict: report.verdict === "could-not-be-graded" ? "could not be graded" : report.verdict,
    passed: numbers(true),
    failed: numbers(false),
    reason: (report.failure?.message ?? why)?.split("\n", 1)[0],
  };
}
