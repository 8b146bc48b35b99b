import type { Lesson } from "../lesson.ts";
import type {
  LessonEvent,
  LessonSession,
  RecordingFacts,
  RedisFacts,
  SessionLabel,
} from "../lesson-event.ts";
import type { Recording } from "./recording.ts";

/** What happened once, with what the learner chooses now. */
export function* replayEvents(
  events: readonly LessonEvent[],
  takeChoice: () => number | undefined,
): Generator<LessonEvent, void, undefined> {
  for (const event of events) {
    yield event.kind === "truth" ? { ...event, chosen: takeChoice() } : event;
  }
}

/** A lesson that is shown as it was once played: nothing runs. */
export class RecordedSession implements LessonSession {
  readonly lesson: Lesson;
  readonly recording: RecordingFacts;
  readonly programs = [];
  readonly #recording: Recording;
  readonly #notes: readonly string[];
  #known = 0;
  #choice: number | undefined;

  /** @param options.why it is not played live: a sentence */
  constructor(
    lesson: Lesson,
    recording: Recording,
    options: { why: string; notes: readonly string[] },
  ) {
    const { date, made, steps } = recording;
    // What was recorded is what is shown, also where the document has been changed since.
    this.lesson = {
      ...lesson,
      steps: steps.map(({ title }, at) => ({
        number: at + 1,
        title,
        line: lesson.steps[at]?.line ?? 1,
        blocks: [],
      })),
    };
    this.recording = { date, made, why: options.why };
    this.#recording = recording;
    this.#notes = options.notes;
  }

  async redis(): Promise<RedisFacts> {
    const { kind, version } = this.#recording.redis;
    const { date, made, why } = this.recording;
    return {
      kind,
      version,
      line: `A recording of ${date} (${made}): nothing runs now. ${why}`,
      notes: this.#notes,
    };
  }

  get sessions(): readonly SessionLabel[] {
    return this.#recording.sessions.slice(0, this.#known);
  }

  async *play(number: number): AsyncGenerator<LessonEvent, void, undefined> {
    const step = this.#recording.steps[number - 1];
    const of = this.#recording.steps.length;
    if (step === undefined) throw new RangeError(`There is no step ${number}`);
    this.#known = step.sessions;
    this.#choice = undefined;
    const { title, events } = step;
    yield { kind: "step-begins", step: number, of, title, recording: this.recording };
    yield* replayEvents(events, () => {
      const choice = this.#choice;
      this.#choice = undefined;
      return choice;
    });
    yield { kind: "step-done", step: number, of, failures: 0 };
  }

  choose(choice: number | undefined): void {
    this.#choice = choice;
  }

  async command(): Promise<string[]> {
    const { date, why } = this.recording;
    return [`(error) There is no Redis to talk to: this is a recording of ${date}. ${why}`];
  }

  async listen(): Promise<undefined> {}

  onBackground(): () => void {
    return () => {};
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
