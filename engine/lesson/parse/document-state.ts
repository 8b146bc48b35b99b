import { PatternMistake, readPattern } from "../expect/pattern.ts";
import type { Lesson, LessonApp } from "../lesson.ts";
import { isNode, NODES } from "./topology-names.ts";
import { type MistakeCollector, suggest } from "./lesson-mistakes.ts";

/** Reads a file of the lesson's folder; undefined when there is none. */
export type ReadLessonFile = (name: string) => string | undefined;

/**
 * What is known at one place of the document: which programs run, which names are bound. The document is
 * played from its beginning, so all of it can be told before.
 */
export class DocumentState {
  readonly mistakes: MistakeCollector;
  readonly apps: readonly LessonApp[];
  readonly readFile: ReadLessonFile;
  readonly hasActions: boolean;
  readonly redis: Lesson["redis"];
  readonly #running: Set<string>;
  readonly #browsers = new Set<string>();
  readonly #bound = new Set<string>();
  #isCut = false;

  constructor(options: {
    mistakes: MistakeCollector;
    apps: readonly LessonApp[];
    readFile: ReadLessonFile;
    hasActions: boolean;
    redis: Lesson["redis"];
  }) {
    this.mistakes = options.mistakes;
    this.apps = options.apps;
    this.readFile = options.readFile;
    this.hasActions = options.hasActions;
    this.redis = options.redis;
    this.#running = new Set(options.apps.filter(({ byHand }) => !byHand).map(({ name }) => name));
  }

  useBrowser(name: string): void {
    this.#browsers.add(name);
  }

  knowsBrowser(name: string, line: number): boolean {
    if (this.#browsers.has(name)) return true;
    this.mistakes.add(
      line,
      `No browser is called ${name} before this line.`,
      suggest(name, [...this.#browsers]),
    );
    return false;
  }

  knowsApp(name: string, line: number): boolean {
    if (this.apps.some((app) => app.name === name)) return true;
    const known = this.apps.map((app) => app.name);
    this.mistakes.add(line, `No program is called ${name}.`, suggest(name, known));
    return false;
  }

  /** A request goes to it. */
  useApp(name: string, line: number): void {
    if (!this.knowsApp(name, line) || this.#running.has(name)) return;
    this.mistakes.add(line, `${name} does not run here.`, `Start it before: do, start ${name}.`);
  }

  /** Nobody can tell when a Python program waits for Redis and when it still computes. */
  useInRace(name: string, line: number): void {
    if (this.apps.find((app) => app.name === name)?.file.endsWith(".py") !== true) return;
    this.mistakes.add(
      line,
      `A race with ${name} would be decided by luck: it is a Python program.`,
      "Send the requests one after the other.",
    );
  }

  /** `start`, `stop`, `restart`. */
  changeApp(verb: "start" | "stop" | "restart", name: string, line: number): void {
    if (!this.knowsApp(name, line)) return;
    const runs = this.#running.has(name);
    if (verb === "start" && runs) {
      this.mistakes.add(
        line,
        `${name} runs already.`,
        "Leave it out, or give the program start: by-hand in the front matter.",
      );
    } else if (verb !== "start" && !runs) {
      this.mistakes.add(line, `${name} does not run here.`, `Start it before: start ${name}.`);
    }
    if (verb === "stop") this.#running.delete(name);
    else this.#running.add(name);
  }

  /** A Redis or a sentinel of the topology. */
  useNode(name: string, line: number): void {
    if (this.redis !== "sentinel") {
      this.mistakes.add(
        line,
        "This lesson has one Redis.",
        "Leave out on=, or write redis: sentinel.",
      );
    } else if (!isNode(name)) {
      this.mistakes.add(line, `No Redis or sentinel is called ${name}.`, suggest(name, NODES));
    }
  }

  /** Why time cannot pass in this lesson; undefined when it can. */
  whyNoTravel(): string | undefined {
    if (this.redis === "sentinel") return "Time cannot pass for replicas and sentinels.";
    const python = this.apps.find(({ file }) => file.endsWith(".py"));
    return python && `Time cannot pass for ${python.name}: the clock of a Python program stays.`;
  }

  /** `cut`, `stall`, `restore`. */
  changeRedis(verb: "cut" | "stall" | "restore", line: number): void {
    if (this.redis === "sentinel") {
      this.mistakes.add(
        line,
        `${verb} redis is for lessons with one Redis.`,
        "Write kill primary, lag replicas or heal replicas.",
      );
      return;
    }
    if ((verb === "restore") !== this.#isCut) {
      this.mistakes.add(
        line,
        verb === "restore" ? "Redis is well here." : "Redis is away already.",
        verb === "restore" ? "Write cut redis or stall redis before." : "Restore it before.",
      );
    }
    this.#isCut = verb !== "restore";
  }

  /** A text that is sent: its `$names` must be known, and nothing in it may vary. */
  useNames(text: string, line: number): void {
    const pattern = this.#read(text, line);
    for (const segment of pattern?.segments ?? []) {
      if (segment.kind === "name") this.#checkName(segment.name, segment.of, line);
      else if (segment.kind === "bind") {
        this.mistakes.add(
          line,
          `{{${segment.name}}} stands in something that is sent.`,
          `Bind it in an expectation, and write $${segment.name} here.`,
        );
      }
    }
  }

  /** A line that is expected. What it binds is known from here on. */
  usePattern(text: string, line: number): void {
    const pattern = this.#read(text, line);
    for (const segment of pattern?.segments ?? []) {
      if (segment.kind === "name") this.#checkName(segment.name, segment.of, line);
      else if (segment.kind === "bind") this.#bound.add(segment.name);
    }
  }

  #read(text: string, line: number): ReturnType<typeof readPattern> | undefined {
    try {
      return readPattern(text);
    } catch (error) {
      if (!(error instanceof PatternMistake)) throw error;
      return this.mistakes.add(line, error.message, error.remedy);
    }
  }

  #checkName(name: string, of: string | undefined, line: number): void {
    if (of === "sid" || of === "cookie") {
      this.knowsBrowser(name, line);
    } else if (of === "port") {
      if (this.redis !== "sentinel" || !isNode(name)) this.knowsApp(name, line);
    } else if (name !== "port" && !this.#bound.has(name)) {
      this.mistakes.add(
        line,
        `$${name} is not bound before this line.`,
        `Bind it by {{${name}}} in an expectation; a real dollar sign is written $$.`,
      );
    }
  }
}
