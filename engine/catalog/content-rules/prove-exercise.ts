import { checkWrongAnswers } from "./check-wrong-answers.ts";
import type { ContentViolation } from "./content-violation.ts";
import { type GradedSubmission, judgeGrading } from "./judge-gradings.ts";
import { listSubmissions, type Submission } from "./list-submissions.ts";
import { writeIdleAnswers } from "./write-idle-answers.ts";

/** Grades one submission on one kind of Redis. */
export type GradeSubmission = (
  submission: Submission,
  redis: "embedded" | "server",
) => Promise<GradedSubmission>;

export interface ProofOptions {
  readonly repository: string;
  readonly slug: string;
  readonly checkNumbers: readonly number[];
  /** The programs of the exercise: `["app.ts"]`. */
  readonly entries: readonly string[];
  readonly redisKinds: readonly ("embedded" | "server")[];
  /** How many are graded at the same time. */
  readonly parallel: number;
  readonly grade: GradeSubmission;
  /** 8: one submission in eight is graded. Default: all. */
  readonly every?: number | undefined;
  readonly onGraded?: (done: number, all: number) => void;
}

/**
 * Grades the starter, answers that do nothing, the solution, and all right and wrong answers of
 * an exercise on each kind of Redis. Because each has its one right verdict, the kinds of Redis
 * agree check by check when nothing is found.
 */
export async function proveExercise(options: ProofOptions): Promise<ContentViolation[]> {
  const { repository, slug, checkNumbers, entries } = options;
  await using idle = await writeIdleAnswers(repository, slug, entries);
  const listed = await listSubmissions(repository, slug);
  const found = checkWrongAnswers(slug, checkNumbers, listed);
  const tasks = [...listed, ...idle.submissions]
    .filter((_, at) => at % (options.every ?? 1) === 0)
    .flatMap((submission) => options.redisKinds.map((redis) => ({ submission, redis })));
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      const graded = await options.grade(task.submission, task.redis);
      found.push(...judgeGrading(task.submission, graded, task.redis));
      done += 1;
      options.onGraded?.(done, tasks.length);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  return found;
}
