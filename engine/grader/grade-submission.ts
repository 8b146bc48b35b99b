import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readBehaviours } from "../catalog/content-rules/read-behaviours.ts";
import { addSource } from "./boot/add-source.ts";
import { HostPool, type HostSource } from "./boot/host-pool.ts";
import { RedisStock } from "./boot/redis-stock.ts";
import { type Deadlines, type StartedBoot, startBoot } from "./boot/start-boot.ts";
import { SubmissionFailure } from "./boot/submission-failure.ts";
import { type BuiltSubmission, buildSubmission } from "./build/build-submission.ts";
import { readyPackages } from "./build/ready-packages.ts";
import type { Check } from "./check.ts";
import { findDiagnoses } from "./diagnosis.ts";
import { chooseChecks, loadChecks } from "./load-checks.ts";
import { Lanes } from "./lanes.ts";
import type { CheckFailure, CheckResult, Report } from "./report.ts";
import { type RowOptions, runRow } from "./run-row.ts";

export interface GradeOptions {
  readonly repository: string;
  readonly slug: string;
  /** Absolute path of the submission. */
  readonly folder: string;
  /** Numbers of the checks; default: all. */
  readonly only?: readonly number[];
  readonly seed?: number | undefined;
  /** Default: what provideRedis finds. */
  readonly redis?: "embedded" | "server";
  /** Default: 10 s to start, 5 s for a request. */
  readonly deadlines?: Deadlines;
  readonly onEvent?: (event: GradeEvent) => void;
  readonly signal?: AbortSignal;
  /** The check that is run before the others, such as the one that failed last time. */
  readonly first?: number | undefined;
  /** Numbers of the checks that failed last time, if that is known: it saves time. */
  readonly doubtful?: ReadonlySet<number>;
  /** Numbers of the checks in the order in which they are run; default: that of the README. */
  readonly order?: readonly number[];
  /** Processes that are ready already; the caller ends them. */
  readonly hosts?: HostSource;
  /** Redises that are ready already, for one grading after the other; the caller ends them. Then `redis` has no effect. */
  readonly redises?: RedisStock;
  /**
   * Given the clearing up that is under way when the report is there: processes that end, folders that
   * are removed. Default: the report waits for it.
   */
  readonly onReport?: (clearedUp: Promise<unknown>) => void;
}

export type GradeEvent = {
  readonly type: "check";
  readonly number: number;
  readonly passed: boolean;
  readonly result: CheckResult;
};

const LANES = 2;
/** With processes that are ready: what waits for time to pass holds nothing up. */
const READY_LANES = 6;
/** Then another boot costs little, and the checks that share one are no longer the longest row. */
const READY_SHARED = 2;
/** Of a program that does not answer: nearly all of the time is spent waiting. */
const LATE_LANES = 6;
const DEADLINES: Deadlines = { startMs: 10_000, requestMs: 5000 };
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Grades one submission from outside.
 * @throws UserError when a check is asked for that the exercise does not have
 */
export async function gradeSubmission(options: GradeOptions): Promise<Report> {
  const began = performance.now();
  const { slug, repository, folder, hosts } = options;
  const tests = path.join(repository, "tests", "exercises", slug);
  // Processes start while the rest is read.
  await using pool = new HostPool(REPOSITORY, await readyPackages());
  if (hosts === undefined) pool.prepare(Math.min(LANES, options.only?.length ?? LANES));
  const environment =
    options.redis === undefined ? process.env : { ...process.env, WORKBOOK_REDIS: options.redis };
  await using ownRedises = new RedisStock(environment);
  const redises = options.redises ?? ownRedises;
  redises.prepare(LANES);
  const [{ exercise, checks }, readme] = await Promise.all([
    loadChecks(tests),
    // A learner may have deleted it: then there are no points, but there is a verdict.
    readFile(path.join(repository, "exercises", slug, "README.md"), "utf8").catch(() => ""),
  ]);
  const { parts, behaviours } = readBehaviours(readme);
  const chosen = chooseChecks(slug, checks, options.only);
  // What is to be known first is run first; the report keeps the order of the README.
  const turnOf = ({ number }: Check) =>
    number === options.first ? -1 : (options.order?.indexOf(number) ?? number);
  const inTurn = chosen.toSorted((a, b) => turnOf(a) - turnOf(b));
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const own = inTurn.filter((one) => one.options.needs === "own");
  const waiting = own.filter(({ options: { waits } }) => waits === true);
  const working = own.filter(({ options: { waits } }) => waits !== true);
  const isSharing = own.length < chosen.length;
  const sharedBoots = isSharing ? (hosts === undefined ? 1 : READY_SHARED) : 0;
  const atOnce = hosts === undefined ? LANES + Math.min(1, waiting.length) : READY_LANES;
  const { length: programs } = exercise.programs;
  const boots = (own.length + sharedBoots) * programs;
  if (hosts === undefined) pool.prepare(boots);

  const failures = new Map<number, CheckFailure | undefined>();
  let redis = "";
  let unusable: SubmissionFailure | undefined;

  const points = (number: number) => {
    const part = behaviours.find((behaviour) => behaviour.number === number)?.part;
    const size = behaviours.filter((behaviour) => behaviour.part === part).length;
    return {
      part: part ?? 0,
      points: (parts.find((p) => p.number === part)?.points ?? 0) / (size || 1),
    };
  };
  const resultOf = (one: Check): CheckResult => {
    const failure = failures.get(one.number);
    // What was not run has not passed.
    const passed = failures.has(one.number) && failure === undefined;
    return { number: one.number, title: one.title, ...points(one.number), passed, failure };
  };

  let isLate = false;
  const ends: Promise<void>[] = [];
  const end = async (started: StartedBoot, mayRepeat: boolean) => {
    isLate ||= started.isLate;
    const ending = started.end(mayRepeat);
    ending.catch(() => {});
    ends.push(ending);
    // Its Redis and its memory serve the next one.
    if (options.onReport === undefined) await ending;
  };
  let built: BuiltSubmission | undefined;
  const clearUp = async () => {
    await Promise.all(ends);
    await built?.[Symbol.asyncDispose]();
  };
  try {
    const submission = (built = await buildSubmission(folder, exercise.programs));
    if (hosts === undefined && submission.isRepeatable) {
      // One more, for a check that starts another. What fails ends, and the next one must be ready.
      const isFailing = (options.doubtful?.size ?? 0) > 0;
      pool.prepare(boots, isFailing ? boots : (atOnce + 1) * programs);
    }
    const boot = async (settings: object, from: HostSource) =>
      await startBoot({
        folder,
        built: submission,
        exercise,
        settings: { ...exercise.settings, ...settings },
        secret: createHash("sha256").update(`secret ${seed}`).digest("hex"),
        deadlines: options.deadlines ?? DEADLINES,
        pool: from,
        redises,
      });
    const row: RowOptions = {
      hosts: hosts ?? pool,
      seed,
      signal: options.signal,
      // Of a program that does not answer no deadline is to be waited for twice.
      isDoubtful: ({ number }) => isLate || options.doubtful?.has(number) === true,
      boot,
      end,
      onResult: (one, failure, line) => {
        redis = line;
        failures.set(one.number, failure);
        const result = resultOf(one);
        options.onEvent?.({ type: "check", number: one.number, passed: result.passed, result });
      },
    };
    const asJobs = (list: readonly Check[]) =>
      list.map((one) => async () => await runRow([one], row));
    const left = inTurn.filter(({ options: { needs } }) => needs === undefined);
    const runShared = async () => {
      await runRow(left, row);
      if (left.length === 0) return;
      // A program that does not answer: its checks wait side by side, each with one of its own.
      lanes.add(asJobs(left.splice(0)));
      lanes.widen(LATE_LANES);
    };
    const sharing = Array.from({ length: sharedBoots }, () => runShared);
    const lanes = new Lanes([...asJobs(waiting), ...sharing, ...asJobs(working)]);
    lanes.widen(atOnce);
    await lanes.done();
  } catch (error) {
    if (!(error instanceof SubmissionFailure)) {
      await clearUp().catch(() => {});
      throw error;
    }
    unusable = error;
  }
  const clearedUp = clearUp();
  if (options.onReport === undefined) await clearedUp;
  else options.onReport(clearedUp);

  const results = chosen.map(resultOf);
  const failing = results.filter(({ passed }) => !passed);
  return {
    version: 1,
    slug,
    folder: options.folder,
    programs: exercise.programs,
    verdict: unusable ? "could-not-be-graded" : failing.length === 0 ? "pass" : "fail",
    failure: unusable && addSource(unusable.detail),
    seed,
    redis,
    results,
    parts: parts.map(({ number, title, points: maximumPoints }) => {
      const of = results.filter(({ part }) => part === number);
      const right = of.filter(({ passed }) => passed);
      return {
        number,
        title,
        passed: right.length,
        checks: of.length,
        points: sum(right),
        maximumPoints,
      };
    }),
    points: sum(results.filter(({ passed }) => passed)),
    maximumPoints: sum(results),
    types: undefined,
    diagnoses: unusable || options.only !== undefined ? [] : await findDiagnoses(tests, failing),
    durationMs: performance.now() - began,
  };
}

function sum(list: readonly CheckResult[]): number {
  return Math.round(list.reduce((total, result) => total + result.points, 0));
}
