import path from "node:path";
import { describe, expect, test } from "vitest";
import { listLessons } from "../../engine/catalog/list-lessons.ts";
import { findObstacles } from "../../engine/doctor/find-obstacles.ts";
import type { LessonEvent } from "../../engine/lesson/lesson-event.ts";
import { openLesson } from "../../engine/lesson/open-lesson.ts";
import { describeShape } from "../../engine/lesson/recording/describe-shape.ts";
import { fingerprint, readRecording } from "../../engine/lesson/recording/recording.ts";
import { findRedisServers } from "../../engine/redis/find-redis-server.ts";
import { createLessonFolder } from "./lesson-folder.ts";

const hasServer = findRedisServers(process.env).length > 0;
const without = { ...process.env, WORKBOOK_REDIS: "embedded" };
const recorded = (
  await Promise.all(
    (await listLessons()).map(async ({ folder, slug }) => ({
      folder,
      slug,
      recording: await readRecording(folder),
    })),
  )
).filter(({ recording }) => recording !== undefined);
const [sentinel] = recorded.filter(({ slug }) => slug === "04-sentinel");

async function collect(events: AsyncIterable<LessonEvent>): Promise<LessonEvent[]> {
  const all: LessonEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test.each(recorded)("the recording of $slug is one of its files as they are", async (lesson) => {
  expect(await fingerprint(lesson.folder)).toBe(lesson.recording?.fingerprint);
});

describe("a machine without redis-server", () => {
  const folder = sentinel?.folder ?? "";

  test("plays the recording of lesson 4, and says so on each step", async () => {
    await using session = await openLesson({ folder, environment: without });
    const { date, made } = sentinel?.recording ?? {};
    const facts = { date, made, why: "WORKBOOK_REDIS asks for the embedded Redis." };

    expect(session.recording).toEqual(facts);
    expect(session.programs).toEqual([]);
    expect((await session.redis()).line).toBe(
      `A recording of ${date} (${made}): nothing runs now. WORKBOOK_REDIS asks for the embedded Redis.`,
    );
    for (const { number, title } of session.lesson.steps) {
      const of = session.lesson.steps.length;
      const [first, ...rest] = await collect(session.play(number));
      expect(first).toEqual({ kind: "step-begins", step: number, of, title, recording: facts });
      expect(rest.at(-1)).toEqual({ kind: "step-done", step: number, of, failures: 0 });
    }
  });

  test("can go back, play a step again and jump; choices are answered; there is no Redis", async () => {
    await using session = await openLesson({ folder, environment: without });
    const last = session.lesson.steps.length;

    const once = await collect(session.play(2));
    expect(await collect(session.play(2))).toEqual(once);
    expect((await collect(session.play(1)))[0]).toMatchObject({ kind: "step-begins", step: 1 });
    const truths: LessonEvent[] = [];
    let asked = 0;
    for await (const event of session.play(last)) {
      if (event.kind === "question" && (asked += 1) === 1) session.choose(0);
      if (event.kind === "truth") truths.push(event);
    }
    expect(truths).toMatchObject([{ chosen: 0 }, { chosen: undefined }, { chosen: undefined }]);
    expect(await session.command("PING")).toEqual([
      `(error) There is no Redis to talk to: this is a recording of ${sentinel?.recording?.date}. WORKBOOK_REDIS asks for the embedded Redis.`,
    ]);
  });

  test("is told in the list of lessons", async () => {
    const lessons = await listLessons();
    const [nothing, embedded] = await Promise.all([
      findObstacles(lessons, { PATH: "" }),
      findObstacles(lessons, without),
    ]);

    expect(nothing.get("04-sentinel")).toBe("no redis-server from version 7.0 is on your PATH");
    expect(embedded.get("04-sentinel")).toBe("WORKBOOK_REDIS asks for the embedded Redis");
    expect(embedded.has("01-basic-store")).toBe(false);
  });

  test("says so when there is no recording", async () => {
    const document = [
      "---",
      "title: Six processes",
      "minutes: 5",
      "redis: sentinel",
      "app: app.ts",
      "---",
      "# Six processes",
      "## One",
      "Text.",
    ].join("\n");
    await using own = await createLessonFolder({ "README.md": document, "app.ts": "" });

    await expect(openLesson({ folder: own.path, environment: without })).rejects.toMatchObject({
      message:
        "WORKBOOK_REDIS asks for the embedded Redis. And there is no recording of this lesson to play.",
      hint: "npm run doctor",
    });
  });
});

describe.skipIf(!hasServer)("a machine with redis-server", () => {
  const environment = { ...process.env, WORKBOOK_REDIS: "server" };

  // It takes as long as the lesson does: where time matters, `npm run check` compares them.
  const isWanted = ["all", "4"].includes(process.env["WORKBOOK_MUTATIONS"] ?? "");
  test.skipIf(!isWanted)(
    "runs lesson 4, in the shape of its recording",
    { timeout: 240_000 },
    async () => {
      await using session = await openLesson({ folder: sentinel?.folder ?? "", environment });

      expect(session.recording).toBeUndefined();
      for (const [at, { number }] of session.lesson.steps.entries()) {
        const live = await collect(session.play(number));
        const shape = describeShape(live);
        expect(shape, `step ${number}`).toEqual(
          describeShape(sentinel?.recording?.steps[at]?.events ?? []),
        );
      }
    },
  );

  test("never plays a recording of a lesson that needs only Redis", async () => {
    for (const { folder } of recorded.filter(({ slug }) => !slug.startsWith("10-"))) {
      await using session = await openLesson({ folder: path.resolve(folder), environment });
      expect(session.recording).toBeUndefined();
    }
  });
});
