import path from "node:path";
import type { ContentViolation } from "../catalog/content-rules/content-violation.ts";
import type { LessonEntry } from "../catalog/lesson-entry.ts";
import { UserError } from "../errors.ts";
import { checkLesson } from "../lesson/check-lesson.ts";
import type { ComparisonRow, LessonEvent } from "../lesson/lesson-event.ts";
import { openLesson } from "../lesson/open-lesson.ts";
import { describeShape } from "../lesson/recording/describe-shape.ts";
import { readRecording } from "../lesson/recording/recording.ts";

/** Plays a lesson to its end on each kind of Redis that it can use; what it states must hold. */
export async function proveLesson(
  repository: string,
  entry: LessonEntry,
  redisKinds: readonly ("embedded" | "server")[],
): Promise<ContentViolation[]> {
  // One that needs a real server brings a recording for machines without.
  const usable =
    entry.redis === "any" ? redisKinds : redisKinds.filter((kind) => kind === "server");
  const kinds = usable.length === 0 ? (["embedded"] as const) : usable;
  const found: ContentViolation[] = await checkLesson(repository, entry.folder);
  if (found.length > 0) return found;
  for (const kind of kinds) {
    const file = `${path.relative(repository, entry.folder).replaceAll(path.sep, "/")}/README.md`;
    try {
      found.push(...(await playOn(entry.folder, file, kind)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      found.push({ file, problem: error.message, remedy: error.hint ?? "Mend it." });
    }
  }
  return found;
}

async function playOn(
  folder: string,
  file: string,
  kind: "embedded" | "server",
): Promise<ContentViolation[]> {
  const found: ContentViolation[] = [];
  const environment = { ...process.env, WORKBOOK_REDIS: kind };
  const recording = await readRecording(folder);
  await using session = await openLesson({ folder, environment });
  for (const { number, line: stepLine, title } of session.lesson.steps) {
    const say = (line: number, problem: string, remedy: string) =>
      found.push({ file, line, problem: `On the ${kind} Redis: ${problem}`, remedy });
    const events: LessonEvent[] = [];
    for await (const event of session.play(number)) {
      events.push(event);
      if (event.kind === "expectation" && !event.holds) {
        const rows = event.rows.filter((row) => !row.same);
        const problem = `step ${number}, ${event.block}: ${rows.map(inWords).join("; ")}`;
        say(event.line, problem, "Mend the program or the expectation.");
      }
      if (event.kind === "trouble") {
        const problem = `step ${number}, ${title}: ${event.message}`;
        say(stepLine, problem, event.details.join(" · ") || "Mend the program or the document.");
      }
    }
    // A recording need not hold all steps.
    const recorded = recording?.steps.find((step) => step.title === title);
    const difference = findDifference(recorded?.events, events);
    if (difference !== undefined && session.recording === undefined) {
      say(stepLine, `step ${number}, ${title}: ${difference}`, "Record it anew: npm run record.");
    }
  }
  return found;
}

/** Where a run takes another course than the recording. */
function findDifference(
  recorded: readonly LessonEvent[] | undefined,
  events: readonly LessonEvent[],
): string | undefined {
  if (recorded === undefined) return undefined;
  const before = describeShape(recorded);
  const now = describeShape(events);
  const at = before.findIndex((each, index) => each !== now[index]);
  if (at < 0 && before.length === now.length) return undefined;
  const place = at < 0 ? before.length : at;
  return `the recording says ${before[place] ?? "nothing"}, the run ${now[place] ?? "nothing"}.`;
}

function inWords({ where, expected, received }: ComparisonRow): string {
  return `${where} expected ${expected ?? "nothing"}, received ${received ?? "nothing"}`;
}
