import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { findExercise } from "../../../engine/catalog/find-exercise.ts";
import { findLesson } from "../../../engine/catalog/find-lesson.ts";
import { listExercises } from "../../../engine/catalog/list-exercises.ts";
import { listLessons } from "../../../engine/catalog/list-lessons.ts";
import { UserError } from "../../../engine/errors.ts";

const files: Readonly<Record<string, string>> = {
  "lessons/01-basic-store/README.md":
    "---\ntitle: A store\nminutes: 20\nredis: any\napps: { a: app.ts, b: { file: app.ts } }\nneeds: Nothing.\nexercise: rate-limit\n---\n# A",
  "lessons/03-microservices/README.md": "---\ntitle: Two\nredis: server\napp: main.ts\n---\n",
  "lessons/glossary.md": "# Words",
  "exercises/analytics/README.md": "---\ntitle: Count\n---\n",
  "exercises/rate-limit/README.md":
    "---\r\ntitle: Limit\r\nminutes: 90\r\nneeds: time\r\n---\r\n# B",
  "tests/exercises/rate-limit/checks.ts": "",
};

async function workbook() {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "a catalog ")));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

async function refusal(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error("no UserError", { cause: error });
  return [error.message, error.hint ?? ""];
}

test("lessons and exercises come with what their front matter says", async () => {
  await using there = await workbook();
  expect(await listLessons(there.root)).toEqual([
    {
      kind: "lesson",
      number: 1,
      slug: "01-basic-store",
      name: "basic-store",
      title: "A store",
      folder: path.join(there.root, "lessons", "01-basic-store"),
      minutes: 20,
      needs: "Nothing.",
      redis: "any",
      serverSteps: 0,
      programs: ["app.ts"],
      exercise: "rate-limit",
    },
    expect.objectContaining({ number: 3, redis: "server", programs: ["main.ts"] }),
  ]);
  expect(await listExercises(there.root)).toEqual([
    {
      kind: "exercise",
      slug: "rate-limit",
      title: "Limit",
      folder: path.join(there.root, "exercises", "rate-limit"),
      minutes: 90,
      needs: "time",
      isReady: true,
    },
    expect.objectContaining({ slug: "analytics", isReady: false }),
  ]);
});

test("every way to write a name finds its entry", async () => {
  await using there = await workbook();
  const lessons = [
    ..."3 03 microservices 03-microservices Microservices lessons/03-microservices".split(" "),
    ..."./lessons/03-microservices/ lessons\\03-microservices\\ 03-microservices/".split(" "),
    path.join(there.root, "lessons", "03-microservices"),
    path.join(there.root, "lessons", "03-microservices", "README.md"),
  ];
  for (const word of lessons) {
    expect((await findLesson(word, there.root)).slug, word).toBe("03-microservices");
  }
  const exercises = [
    ..."rate-limit rate-limit/ exercises/rate-limit exercises/rate-limit/ ./exercises/rate-limit".split(
      " ",
    ),
    ..."exercises\\rate-limit exercises\\rate-limit\\ exercises/rate-limit/app.ts".split(" "),
    path.join(there.root, "exercises", "rate-limit"),
  ];
  for (const word of exercises) {
    expect((await findExercise(word, { root: there.root })).slug, word).toBe("rate-limit");
  }
});

test("a name that is completed by the shell in the folder where it was typed finds its entry", async () => {
  await using there = await workbook();
  const before = process.env["INIT_CWD"];
  process.env["INIT_CWD"] = path.join(there.root, "exercises", "rate-limit");
  try {
    expect((await findExercise("../rate-limit/", { root: there.root })).slug).toBe("rate-limit");
    expect((await findExercise(".", { root: there.root })).slug).toBe("rate-limit");
  } finally {
    if (before === undefined) delete process.env["INIT_CWD"];
    else process.env["INIT_CWD"] = before;
  }
});

test("an unknown name is answered with what may have been meant, and with the list", async () => {
  await using there = await workbook();
  expect(await refusal(findLesson("microservises", there.root))).toEqual([
    'There is no lesson "microservises". Did you mean 3, microservices?\nThe lessons are: 1 basic-store, 3 microservices.',
    "npm run lesson 3",
  ]);
  expect(await refusal(findLesson("7", there.root))).toEqual([
    'There is no lesson "7".\nThe lessons are: 1 basic-store, 3 microservices.',
    "npm run lesson",
  ]);
  expect(await refusal(findLesson("exercises/rate-limit/", there.root))).toEqual([
    '"exercises/rate-limit/" is an exercise, not a lesson.',
    "npm test exercises/rate-limit",
  ]);
  const rateLimt = findExercise("ratelimt", { root: there.root, command: "npm run watch" });
  expect(await refusal(rateLimt)).toEqual([
    'There is no exercise "ratelimt". Did you mean rate-limit?\nThe exercises are: rate-limit, analytics.',
    "npm run watch rate-limit",
  ]);
  expect(await refusal(findExercise("LIMIT", { root: there.root }))).toEqual([
    'There is no exercise "LIMIT". Did you mean rate-limit?\nThe exercises are: rate-limit, analytics.',
    "npm test rate-limit",
  ]);
  expect(await refusal(findExercise("ana", { root: there.root }))).toEqual([
    'There is no exercise "ana". Did you mean analytics?\nThe exercises are: rate-limit, analytics.',
    "npm test analytics",
  ]);
  expect(await refusal(findExercise("/etc/passwd", { root: there.root }))).toEqual([
    'There is no exercise "/etc/passwd".\nThe exercises are: rate-limit, analytics.',
    "npm test rate-limit",
  ]);
  expect(await refusal(findExercise("03", { root: there.root }))).toEqual([
    '"03" is a lesson, not an exercise.',
    "npm run lesson 3",
  ]);
});
