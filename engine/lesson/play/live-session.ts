import type { Listening } from "../../redis/cli/listen.ts";
import { UnknownName, putIn } from "../expect/names.ts";
import type { Lesson } from "../lesson.ts";
import type {
  BackgroundEvent,
  LessonEvent,
  LessonSession,
  ProgramLine,
  ProgramState,
  RedisFacts,
  SeenCommand,
  SessionLabel,
  Trouble,
} from "../lesson-event.ts";
import type { OpenLessonOptions } from "../open-lesson.ts";
import type { StartedRedis } from "../../redis/provide-redis.ts";
import { type Deferred, deferred } from "../../process/deferred.ts";
import { readLesson } from "../read-lesson.ts";
import { replayEvents } from "../recording/recorded-session.ts";
import { type Recording, readRecording } from "../recording/recording.ts";
import { SaveWatcher } from "./save-watcher.ts";
import { playStep } from "./play-step.ts";
import { Stage } from "./stage.ts";

export interface LiveSessionOptions extends OpenLessonOptions {
  readonly lesson: Lesson;
  /** The first one. */
  readonly redis: Promise<StartedRedis>;
  /** Another one, for a rebuilt stage. */
  readonly provide: () => Promise<StartedRedis>;
}

/** A lesson whose programs run. */
export class LiveSession implements LessonSession {
  lesson: Lesson;
  readonly recording = undefined;
  readonly #options: LiveSessionOptions;
  readonly #listeners = new Set<(event: BackgroundEvent) => void>();
  /** Told by programs while a step plays: shown before its next event. */
  readonly #told: (ProgramLine | Trouble)[] = [];
  #stage: Stage;
  /** The last step that was played to its end; undefined in the middle of one. */
  #played: number | undefined = 0;
  #isPlaying = false;
  #choice: number | undefined;
  /** Of steps that are shown as they were recorded. */
  #recordedLabels: readonly SessionLabel[] = [];
  #saves: SaveWatcher | undefined;
  /** The block under way. */
  #block: Deferred<undefined> | undefined;
  #isOver = false;
  /** Since a program was last restarted. */
  readonly #announcedLines = new Set<string>();
  /** Since 1970. */
  readonly #begunMs = Date.now();

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    this.lesson = options.lesson;
    this.#stage = this.#build(options.redis, new Map());
  }

  async redis(): Promise<RedisFacts> {
    const { kind, version, line, notes } = await this.#stage.redis;
    return { kind, version, line, notes };
  }

  get sessions(): readonly SessionLabel[] {
    return [...this.#stage.labels.list, ...this.#recordedLabels];
  }

  get programs(): readonly ProgramState[] {
    return [...this.#stage.slots.values()].map(({ app, url }) => ({
      name: app.name,
      file: app.file,
      isRunning: url !== undefined,
      url,
    }));
  }

  choose(choice: number | undefined): void {
    this.#choice = choice;
  }

  async command(line: string): Promise<string[]> {
    try {
      return await this.#stage.type(this.#read(line));
    } catch (error) {
      if (error instanceof UnknownName) return [`(error) ${error.message}`];
      throw error;
    }
  }

  async listen(line: string, show: (lines: string[]) => void): Promise<Listening | undefined> {
    try {
      return await this.#stage.listen(this.#read(line), show);
    } catch {
      // The prompt says why there is no Redis, or no such name.
      return undefined;
    }
  }

  /** A typed line with names and labels put in: what stands on the screen may be typed, too. */
  #read(line: string): string {
    let read = putIn(line, this.#stage.names);
    for (const { label, id } of this.sessions) {
      // A terminal without Unicode has shown the label with a full stop.
      for (const written of [label, label.replace("·", ".")]) read = read.replaceAll(written, id);
    }
    return read;
  }

  onBackground(listener: (event: BackgroundEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async *play(number: number): AsyncGenerator<LessonEvent, void, undefined> {
    const { steps } = this.lesson;
    const step = steps[number - 1];
    if (step === undefined) throw new RangeError(`There is no step ${number}`);
    this.#isPlaying = true;
    try {
      if (this.#played !== number - 1) yield* this.#replay(number - 1);
      this.#played = undefined;
      if (await this.#needsRecording(number)) {
        yield* this.#showRecorded(number);
        return;
      }
      yield { kind: "step-begins", step: number, of: steps.length, title: step.title };
      let failures = 0;
      for await (const event of this.#run(number, false)) {
        if (isFailure(event)) failures += 1;
        yield event;
        if (event.kind === "exchange") this.#watch();
      }
      this.#played = number;
      this.#watch();
      yield { kind: "step-done", step: number, of: steps.length, failures };
    } finally {
      this.#isPlaying = false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#listeners.clear();
    this.#block?.resolve(undefined);
    await this.#saves?.[Symbol.asyncDispose]();
    await this.#stage[Symbol.asyncDispose]();
  }

  /** Builds everything anew and plays the first steps silently. */
  async *#replay(upTo: number): AsyncGenerator<LessonEvent, void, undefined> {
    this.#played = undefined;
    const ports = new Map(
      [...this.#stage.slots].flatMap(([name, { port }]) =>
        port === undefined ? [] : [[name, port] as const],
      ),
    );
    await this.#stage[Symbol.asyncDispose]();
    this.#told.length = 0;
    this.#stage = this.#build(this.#options.provide(), ports);
    for (let step = 1; step <= upTo; step += 1) {
      yield { kind: "replaying", step, upTo };
      for await (const event of this.#run(step, true)) void event;
    }
    // What they have left is not new to the step that follows.
    if (upTo > 0) await this.#stage.viewKeys().catch(() => undefined);
    this.#played = upTo;
  }

  /** Only a real server can play it, and there is none. */
  async #needsRecording(number: number): Promise<boolean> {
    const title = this.lesson.steps[number - 1]?.title ?? "";
    return this.lesson.server.includes(title) && (await this.#stage.redis).kind === "embedded";
  }

  /** Nothing runs: the stage is afterwards as it was before. */
  async *#showRecorded(number: number): AsyncGenerator<LessonEvent, void, undefined> {
    const { steps } = this.lesson;
    const title = steps[number - 1]?.title ?? "";
    const recording = await readRecording(this.#options.folder);
    const step = recording?.steps.find((each) => each.title === title);
    const begins = { kind: "step-begins", step: number, of: steps.length, title } as const;
    const { line } = await this.#stage.redis;
    const [, reason = ""] = /\((.+)\)$/.exec(line) ?? [];
    const why = `This step needs a redis-server, and here is the embedded Redis (${reason}).`;
    if (recording === undefined || step === undefined) {
      yield begins;
      yield { kind: "trouble", message: `${why} And there is no recording of it.`, details: [] };
    } else {
      this.#recordedLabels = labelsAfter(recording, step.sessions, this.#stage.labels.list.length);
      yield { ...begins, recording: { date: recording.date, made: recording.made, why } };
      yield* replayEvents(step.events, () => this.#takeChoice());
    }
    this.#played = number;
    const failures = step === undefined ? 1 : 0;
    yield { kind: "step-done", step: number, of: steps.length, failures };
  }

  #takeChoice(): number | undefined {
    const choice = this.#choice;
    this.#choice = undefined;
    return choice;
  }

  async *#run(number: number, silent: boolean): AsyncGenerator<LessonEvent, void, undefined> {
    const step = this.lesson.steps[number - 1];
    if (step === undefined || (await this.#needsRecording(number))) return;
    const events = playStep(step, {
      lesson: this.lesson,
      stage: this.#stage,
      silent,
      takeChoice: () => this.#takeChoice(),
      enter: async () => {
        await this.#saves?.settled();
        this.#block = deferred();
      },
      leave: () => this.#block?.resolve(undefined),
    });
    for await (const event of events) {
      // What a request had programs print is its effect: it comes below its answer.
      const told = this.#told.splice(0);
      yield* withoutEchoes(event.kind === "exchange" ? [event, ...told] : [...told, event]);
    }
    yield* this.#told.splice(0);
  }

  /** Only now: watching files costs time that the first answer should not wait for. */
  #watch(): void {
    if (this.#options.watch !== true || this.#saves !== undefined) return;
    this.#saves = new SaveWatcher(this.#options.folder, {
      since: this.#begunMs,
      onSave: async (file) => await this.#onSave(file),
    });
  }

  /** Starts what runs this file again; of a file that no program is named after, all. */
  async #onSave(file: string): Promise<void> {
    await this.#block?.promise;
    if (this.#isOver) return;
    const { folder } = this.#options;
    this.lesson = await readLesson(folder).catch(() => this.lesson);
    if (file === "README.md") return;
    const slots = [...this.#stage.slots.values()];
    const isEntry = slots.some(({ app }) => app.file === file);
    for (const slot of slots) {
      if (!slot.wanted || (isEntry && slot.app.file !== file)) continue;
      const program = slot.app.name;
      this.#announce({ kind: "program-restarting", program, file });
      await slot.stop();
      slot.start();
      const trouble = await slot.ready();
      if (trouble !== undefined) this.#announce(trouble);
      else this.#announce({ kind: "program-restarted", program, url: slot.url ?? "" });
    }
  }

  #build(redis: Promise<StartedRedis>, ports: ReadonlyMap<string, number>): Stage {
    return new Stage({
      lesson: this.lesson,
      folder: this.#options.folder,
      redis,
      ports,
      tell: (event) => {
        if (this.#isPlaying) this.#told.push(event);
        else this.#announce(event);
      },
      onCommand: (describe) => this.#announceCommand(describe),
    });
  }

  #announce(event: BackgroundEvent): void {
    if (event.kind === "program-restarting") this.#announcedLines.clear();
    if (event.kind === "program-line") this.#announcedLines.add(event.line);
    const isEcho =
      event.kind === "trouble" && event.details.every((line) => this.#announcedLines.has(line));
    for (const listener of this.#listeners) listener(isEcho ? { ...event, details: [] } : event);
  }

  #announceCommand(describe: () => SeenCommand): void {
    if (this.#isPlaying || this.#listeners.size === 0) return;
    this.#announce({ kind: "command", command: describe() });
  }
}

/** The sessions of a recording, coloured on from those that are live. */
function labelsAfter({ sessions }: Recording, count: number, first: number): SessionLabel[] {
  return sessions.slice(0, count).map((label, at) => ({ ...label, index: first + at }));
}

/** What a program has printed before it ended comes with the trouble, and not twice. */
function withoutEchoes(events: readonly LessonEvent[]): LessonEvent[] {
  const told = events.flatMap((event) => (event.kind === "trouble" ? [event] : []));
  return events.filter(
    (event) =>
      event.kind !== "program-line" ||
      event.stream !== "stderr" ||
      !told.some(
        ({ message, details }) =>
          details.length > 0 && message.startsWith(`${event.program} ended`),
      ),
  );
}

function isFailure(event: LessonEvent): boolean {
  return event.kind === "trouble" || (event.kind === "expectation" && !event.holds);
}
