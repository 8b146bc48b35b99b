import path from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "../../catalog/repository.ts";
import { UserError } from "../../errors.ts";
import type { LessonEvent, LessonSession } from "../lesson-event.ts";
import { openLesson } from "../open-lesson.ts";
import { fingerprint, type Recording, type RecordedStep } from "./recording.ts";

/**
 * Plays a lesson live from its first step to its last, and answers what happened. Where the front matter
 * names the steps that need a server, only those are kept.
 * @param options.onStep is told the number of each step before it is played
 * @throws UserError when it cannot run here, or something that it states does not hold
 */
export async function makeRecording(options: {
  folder: string;
  environment?: Readonly<Record<string, string | undefined>>;
  onStep?: (step: number, of: number) => void;
}): Promise<Recording> {
  const { folder, environment = process.env } = options;
  const before = await fingerprint(folder);
  await using session = await openLesson({ folder, environment });
  if (session.recording !== undefined) {
    throw new UserError(`Only a real run can be recorded. ${session.recording.why}`, {
      hint: "npm run doctor",
    });
  }
  const { kind, version, line } = await session.redis();
  const { server: chosen } = session.lesson;
  if (chosen.length > 0 && kind === "embedded") {
    throw new UserError(`Only a real run can be recorded, and this is ${line}.`, {
      hint: "npm run doctor",
    });
  }
  const steps: RecordedStep[] = [];
  for (const { number, title } of session.lesson.steps) {
    options.onStep?.(number, session.lesson.steps.length);
    const events = await playStep(session, number);
    if (chosen.length > 0 && !chosen.includes(title)) continue;
    steps.push({ title, sessions: session.sessions.length, events });
  }
  const server = /(redis-server|valkey-server)/.exec(line)?.[0] ?? "Redis";
  const machine = `${process.platform} ${process.arch}`;
  return withoutPaths(
    {
      format: 1,
      date: new Date().toISOString().slice(0, 10),
      made: `${server} ${version}, Node ${process.versions.node}, ${machine}`,
      redis: { kind, version, line },
      fingerprint: before,
      sessions: [...session.sessions],
      steps,
    },
    folder,
  );
}

async function playStep(session: LessonSession, step: number): Promise<LessonEvent[]> {
  const events: LessonEvent[] = [];
  for await (const event of session.play(step)) {
    const isFailure = event.kind === "trouble" || (event.kind === "expectation" && !event.holds);
    if (isFailure) {
      const what = event.kind === "trouble" ? event.message : `${event.block}, line ${event.line}`;
      throw new UserError(`Step ${step} did not go as the lesson says (${what}).`, {
        hint: "npm run lesson",
      });
    }
    if (event.kind !== "step-begins" && event.kind !== "step-done") events.push(event);
  }
  return events;
}

/** Where the workbook lies on this machine is nobody's business, and only makes lines longer. */
function withoutPaths(recording: Recording, folder: string): Recording {
  let text = JSON.stringify(recording);
  for (const place of [pathToFileURL(folder).href, inJson(folder)]) {
    text = text.replaceAll(place, ".");
  }
  for (const place of [pathToFileURL(`${repository}/`).href, inJson(repository + path.sep)]) {
    text = text.replaceAll(place, "");
  }
  return JSON.parse(text) as Recording;
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
