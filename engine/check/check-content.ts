import { checkLinks } from "../catalog/content-rules/check-links.ts";
import { checkSlugs } from "../catalog/content-rules/check-slugs.ts";
import { checkStrayFiles } from "../catalog/content-rules/check-stray-files.ts";
import type { ContentViolation } from "../catalog/content-rules/content-violation.ts";
import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import type { LessonEntry } from "../catalog/lesson-entry.ts";
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
  readonly onEvent: (event: ContentEvent) => void;
}

/** Holds the content against all its rules, and tells of one thing after the other by events. */
export async function checkContent(options: ContentCheckOptions): Promise<void> {
  const { repository, lessons, exercises, isPart, onEvent } = options;
  const kinds: readonly ("embedded" | "server")[] =
    findRedisServers(process.env).length > 0 ? ["embedded", "server"] : ["embedded"];

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

  for (const lesson of lessons) {
    await tell(`lessons/${lesson.slug}`, async () => {
      const { proveLesson } = await import("./prove-lesson.ts");
      const violations = await proveLesson(repository, lesson, kinds);
      return { what: `document, and played on ${kinds.join(" and ")}`, violations };
    });
  }
  for (const { slug } of exercises) {
    const name = `exercises/${slug}`;
    await tell(name, async () => {
      const { proveChecks } = await import("./prove-checks.ts");
      const { violations, gradings } = await proveChecks(repository, slug, kinds, (done, all) =>
        onEvent({ type: "progress", name, done, all }),
      );
      return { what: `${gradings} gradings on ${kinds.join(" and ")}`, violations };
    });
  }
}
