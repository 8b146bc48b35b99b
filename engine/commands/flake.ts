import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { listSubmissions, type Submission } from "../catalog/content-rules/list-submissions.ts";
import { UserError } from "../errors.ts";
import { RedisStock } from "../grader/boot/redis-stock.ts";
import { gradeSubmission } from "../grader/grade-submission.ts";
import { recordProof } from "../mutation/record-proof.ts";
import { chooseSlugs } from "./choose-slugs.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const SOLUTION_TIMES = 100;
const WRONG_TIMES = 10;
const PARALLEL = 3;

/**
 * `npm run flake [exercise] [quick]`: grades each solution 100 times and each wrong answer 10 times,
 * in random order, with new seeds, while all cores are kept busy, and reports every verdict that is
 * not the recorded one. `quick`: a tenth of it. A whole run is written into the table of CONTRIBUTING.md.
 * Answers 1 when a verdict changed.
 * @throws UserError for an unknown exercise or word
 */
export async function runFlake(args: readonly string[]): Promise<number> {
  const { slugs, rest } = await chooseSlugs(repository, args);
  if (rest.some((word) => word !== "quick")) {
    throw new UserError(`"${rest.join(" ")}" is not understood: the word is quick.`, {
      hint: "npm run flake rate-limit quick",
    });
  }
  const share = rest.includes("quick") ? 0.1 : 1;
  const load = burnAllCores();
  let changed = 0;
  try {
    for (const slug of slugs) {
      const tasks = await listTasks(slug, share);
      const found = await gradeAll(slug, tasks);
      console.log(`${slug}: ${tasks.length} gradings under load, ${found} verdicts changed.`);
      changed += found;
      if (share === 1) {
        await recordProof(repository, slug, { flake: { gradings: tasks.length, changed: found } });
      }
    }
  } finally {
    load.end();
  }
  return changed === 0 ? 0 : 1;
}

async function listTasks(slug: string, share: number): Promise<Submission[]> {
  const tasks: Submission[] = [];
  for (const submission of await listSubmissions(repository, slug)) {
    const times =
      submission.kind === "solution"
        ? SOLUTION_TIMES
        : submission.kind === "wrong"
          ? WRONG_TIMES
          : 0;
    for (let time = 0; time < Math.ceil(times * share); time += 1) tasks.push(submission);
  }
  return tasks
    .map((task) => ({ task, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ task }) => task);
}

async function gradeAll(slug: string, tasks: readonly Submission[]): Promise<number> {
  let next = 0;
  let done = 0;
  let changed = 0;
  await using redises = new RedisStock(process.env);
  const work = async (): Promise<void> => {
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      const report = await gradeSubmission({ repository, slug, folder: task.folder, redises });
      const failed = report.results.filter(({ passed }) => !passed).map(({ number }) => number);
      const recorded = task.kind === "wrong" ? task.record.fails : [];
      if (report.verdict === "could-not-be-graded" || failed.join() !== recorded.join()) {
        changed += 1;
        const reasons = report.results.flatMap(({ passed, number, failure }) =>
          passed === !recorded.includes(number) ? [] : [`${number}: ${failure?.why ?? "passed"}`],
        );
        console.log(`${task.name} (seed ${report.seed}): ${reasons.join("; ") || report.verdict}`);
      }
      done += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${slug}: ${done}/${tasks.length} `);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return changed;
}

/** One busy process for each core, which end with this one. */
function burnAllCores(): { end(): void } {
  const burner = path.join(import.meta.dirname, "../mutation/burn.cjs");
  const children = Array.from({ length: availableParallelism() }, () =>
    fork(burner, { stdio: "ignore" }),
  );
  return {
    end: () => {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}
