import { describe, expect, test } from "vitest";
import { listExercises } from "../../../engine/catalog/list-exercises.ts";
import { listLessons } from "../../../engine/catalog/list-lessons.ts";
import { runDiff } from "../../../engine/commands/diff.ts";
import { runDoctor } from "../../../engine/commands/doctor.ts";
import { runHint } from "../../../engine/commands/hint.ts";
import { runLesson } from "../../../engine/commands/lesson.ts";
import { runProgress } from "../../../engine/commands/progress.ts";
import { runRedis } from "../../../engine/commands/redis.ts";
import { runReset } from "../../../engine/commands/reset.ts";
import { runStart } from "../../../engine/commands/start.ts";
import { runUpdate } from "../../../engine/commands/update.ts";
import { runWatch } from "../../../engine/commands/watch.ts";
import { UserError } from "../../../engine/errors.ts";

type Run = (args: readonly string[]) => Promise<number>;

/** What the learner is told: a sentence, and what to type next. */
async function complaint(run: Run, words: string): Promise<unknown> {
  try {
    return await run(words.split(" ").filter((word) => word !== ""));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { says: error.message, next: error.hint, exitCode: error.exitCode };
  }
}

describe("words that a command does not know are told, and nothing is done", () => {
  test.each<[string, Run, string, string, string]>([
    [
      "lesson 1 2 fast",
      runLesson,
      "1 2 fast",
      '"2 fast" is not understood: after the lesson come a step, and the words yes and slow.',
      "npm run lesson 1 2",
    ],
    [
      "lesson rate-limit",
      runLesson,
      "rate-limit",
      '"rate-limit" is an exercise, not a lesson.',
      "npm test exercises/rate-limit",
    ],
    ["watch 1", runWatch, "1", '"1" is a lesson, not an exercise.', "npm run lesson 1"],
    ["start lesson", runStart, "lesson", "Which lesson is to be started?", "npm start lesson 1"],
    [
      "watch rate-limit often",
      runWatch,
      "rate-limit often",
      '"often" is not understood: the only word is problems.',
      "npm run watch rate-limit",
    ],
    [
      "hint rate-limit more",
      runHint,
      "rate-limit more",
      '"more" is not understood: the words are list, or the number of a check.',
      "npm run hint rate-limit",
    ],
    [
      "hint rate-limit 99",
      runHint,
      "rate-limit 99",
      "There is no check 99: they go from 1 to 18.",
      "npm run hint rate-limit",
    ],
    [
      "reset",
      runReset,
      "",
      "Which exercise is to be put back to its starter?",
      "npm run reset rate-limit",
    ],
    [
      "reset rate-limit resotre",
      runReset,
      "rate-limit resotre",
      '"resotre" is not understood: the words are list and restore.',
      "npm run reset rate-limit list",
    ],
    [
      "update",
      runUpdate,
      "",
      "Of which exercise may the starter have changed?",
      "npm run update rate-limit",
    ],
    [
      "update rate-limit now",
      runUpdate,
      "rate-limit now",
      '"now" is not understood: the only word is done.',
      "npm run update rate-limit",
    ],
    [
      "progress now",
      runProgress,
      "now",
      '"now" is not understood: the only word is json.',
      "npm run progress json",
    ],
    [
      "doctor now",
      runDoctor,
      "now",
      'npm run doctor takes no words; this is "now".',
      "npm run doctor",
    ],
    [
      "redis GET a",
      runRedis,
      "GET a",
      'npm run redis takes no words; this is "GET a".',
      "npm run redis  (then type the command at its prompt)",
    ],
    [
      "diff rate-limit now",
      runDiff,
      "rate-limit now",
      '"now" is not understood: the only word is yes.',
      "npm run diff rate-limit yes",
    ],
    [
      "start rate-limit now",
      runStart,
      "rate-limit now",
      '"now" is not understood: npm start takes the name of an exercise, then perhaps check and a number, or the word lesson and its number.',
      "npm start rate-limit",
    ],
    [
      "start rate-limit check",
      runStart,
      "rate-limit check",
      '"check" needs the number of a behaviour after it.',
      "npm start rate-limit check 1",
    ],
    [
      "start rate-limit check all",
      runStart,
      "rate-limit check all",
      '"all" is not the number of a behaviour.',
      "npm start rate-limit check 1",
    ],
    [
      "start rate-limit check 99",
      runStart,
      "rate-limit check 99",
      "rate-limit has no behaviour 99: they go from 1 to 18.",
      "npm start rate-limit check 1",
    ],
  ])("%s", async (_name, run, words, says, next) => {
    expect(await complaint(run, words)).toEqual({ says, next, exitCode: 2 });
  });

  test.each<[string, Run]>([
    ["npm run hint", runHint],
    ["npm run watch", runWatch],
    ["npm start", runStart],
    ["npm run diff", runDiff],
    ["npm run reset", runReset],
    ["npm run update", runUpdate],
  ])("%s rate-limt", async (typed, run) => {
    const slugs = (await listExercises()).map(({ slug }) => slug).join(", ");
    expect(await complaint(run, "rate-limt")).toEqual({
      says: `There is no exercise "rate-limt". Did you mean rate-limit?\nThe exercises are: ${slugs}.`,
      next: `${typed} rate-limit`,
      exitCode: 2,
    });
  });

  test("lesson microservice", async () => {
    const lessons = (await listLessons()).map(({ number, name }) => `${number} ${name}`).join(", ");
    expect(await complaint(runLesson, "microservice")).toEqual({
      says: `There is no lesson "microservice". Did you mean 3, microservices?\nThe lessons are: ${lessons}.`,
      next: "npm run lesson 3",
      exitCode: 2,
    });
  });
});
