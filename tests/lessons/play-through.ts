import type { LessonEvent } from "../../engine/lesson/lesson-event.ts";
import { openLesson } from "../../engine/lesson/open-lesson.ts";

/** What a run straight through has shown. */
export interface PlayedLesson {
  readonly events: readonly LessonEvent[];
  /** Expectations that did not hold and troubles, a line each. */
  readonly failures: readonly string[];
}

/** Plays a lesson from its first step to its last (or to its first failure), without anybody who answers. */
export async function playThrough(
  folder: string,
  options: { redis?: "embedded" | "server"; stopAtFailure?: boolean } = {},
): Promise<PlayedLesson> {
  const events: LessonEvent[] = [];
  const failures: string[] = [];
  await using session = await openLesson({
    folder,
    environment: { ...process.env, WORKBOOK_REDIS: options.redis ?? "embedded" },
  });
  for (const { number } of session.lesson.steps) {
    for await (const event of session.play(number)) {
      events.push(event);
      const failure = describeFailure(event);
      if (failure === undefined) continue;
      failures.push(`step ${number}: ${failure}`);
      if (options.stopAtFailure === true) return { events, failures };
    }
  }
  return { events, failures };
}

/** One line for what went wrong; undefined when nothing did. */
export function describeFailure(event: LessonEvent): string | undefined {
  if (event.kind === "trouble") return [event.message, ...event.details.slice(0, 3)].join(" / ");
  if (event.kind !== "expectation" || event.holds) return undefined;
  const rows = event.rows
    .filter(({ same }) => !same)
    .map(({ where, expected, received }) => `${where}: ${expected} | ${received}`);
  return `line ${event.line}, ${event.block}: ${[...rows, ...event.notes].join("; ")}`;
}
