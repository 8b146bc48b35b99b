import { checkLinks } from "../catalog/content-rules/check-links.ts";
import { checkSlugs } from "../catalog/content-rules/check-slugs.ts";
import { checkStrayFiles } from "../catalog/content-rules/check-stray-files.ts";
import type { ContentViolation } from "../catalog/content-rules/content-violation.ts";
import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import type { LessonEntry } from "../catalog/lesson-entry.ts";
import { Lanes } from "../grader/lanes.ts";
import { findRedisServers } from "../redis/find-redis-server.ts";

export type ContentEvent =
  | { readonly type: "begin"; readonly name: string }
  | {
      readonly type: "progress";
      readonly name: string;
      readonly done: number;
      readonly all: number;
    }
  | {
      readonly type: "end";
      readonly name: string;
      /** What was looked at: `58 gradings on embedded and server`. */
      readonly what: string;
      readonly durationMs: number;
      readonly violations: readonly ContentViolation[];
    };

export interface ContentCheckOptions {
  readonly repository: string;
  readonly lessons: readonly LessonEntry[];
  readonly exercises: readonly ExerciseEntry[];
  /** Only what concerns the lessons and exercises given; else the whole repository. */
  readonly isPart: boolean;
  /** 8: of the submissions that prove an exercise, one in eight. */
  readonly every?: number | undefined;
  /** Nothing is taken from the record. */
  readonly afresh?: boolean | undefined;
  readonly onEvent: (event: ContentEvent) => void;
}

/** Holds the content against all its rules, and tells of one thing after the other by events. */
export async function checkContent(options: ContentCheckOptions): Promise<void> {
  const { repository, lessons, exercises, isPart, onEvent } = options;
  const [server] = findRedisServers(process.env);
  const kinds: readonly ("embedded" | "server")[] =
    server === undefined ? ["embedded"] : ["embedded", "server"];

  const tell = async (
    name: string,
    work: () => Promise<{ what: string; violations: readonly ContentViolation[] }>,
  ) => {
    const began = performance.now();
    onEvent({ type: "begin", name });
    const { what, violations } = await work();
    const durationMs = performance.now() - began;
    onEvent({ type: "end", name, what, durationMs, violations });
  };

  await tell("files and links", async () => {
    const all = [
      ...(await checkSlugs(repository)),
      ...(await checkStrayFiles(repository)),
      ...(await checkLinks(repository)),
    ];
    const names = [...lessons, ...exercises].map(({ slug }) => slug);
    const concerns = ({ file }: ContentViolation) =>
      !isPart || names.some((name) => file.split("/").includes(name));
    return { what: "names, stray files, links", violations: all.filter(concerns) };
  });

  const proveExerciseOf = async (slug: string) => {
    const name = `exercises/${slug}`;
    await tell(name, async () => {
      const { proveChecks } = await import("./prove-checks.ts");
      const { violations, gradings, known } = await proveChecks(repository, slug, {
        redisKinds: kinds,
        every: options.every,
        afresh: options.afresh,
        onGraded: (done, all) => onEvent({ type: "progress", name, done, all }),
      });
      const part = options.every === undefined ? "" : `, of every ${options.every}th answer`;
      const rest = known === 0 ? "" : ` (${known} as recorded: nothing has changed for them)`;
      return {
        what: `${gradings} gradings on ${kinds.join(" and ")}${part}${rest}`,
        violations,
      };
    });
  };
  const proveLessonOf = async (lesson: LessonEntry) =>
    await tell(`lessons/${lesson.slug}`, async () => {
      const { proveLesson } = await import("./prove-lesson.ts");
      const violations = await proveLesson(repository, lesson, kinds);
      return { what: `document, and played on ${kinds.join(" and ")}`, violations };
    });
  // A lesson waits most of the time: exercises are graded meanwhile, and then another lesson is played.
  const proveExercises = async () => {
    for (const { slug } of exercises) await proveExerciseOf(slug);
  };
  const lanes = new Lanes([
    proveExercises,
    ...lessons.map((lesson) => async () => await proveLessonOf(lesson)),
  ]);
  lanes.widen(2);
  await lanes.done();
}
