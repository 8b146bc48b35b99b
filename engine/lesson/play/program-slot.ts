import path from "node:path";
import { findFreePort } from "../../process/find-free-port.ts";
import {
  type ProgramEnd,
  ProgramFailure,
  type StartedProgram,
} from "../../process/start-program.ts";
import type { StartedGate } from "../../redis/gate.ts";
import type { LessonApp } from "../lesson.ts";
import type { ProgramLine, Trouble } from "../lesson-event.ts";
import { isPython, startLessonProgram } from "./start-lesson-program.ts";

/** What a program of a lesson needs to run. */
export interface ProgramSetting {
  /** Absolute path. */
  readonly folder: string;
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  readonly offsetMs: () => number;
  readonly tell: (event: ProgramLine | Trouble) => void;
}

const START_DEADLINE_MS = 20_000;
const SHOWN_LINES = 15;

/** A program of the lesson: it can be started, stopped and started again, at the same port. */
export class ProgramSlot {
  readonly app: LessonApp;
  readonly #gate: Promise<StartedGate>;
  readonly #setting: ProgramSetting;
  #program: StartedProgram | undefined;
  #listening: Promise<Trouble | undefined> = Promise.resolve(undefined);
  #port: number | undefined;
  #isUp = false;
  #wanted = false;

  constructor(
    app: LessonApp,
    options: { gate: Promise<StartedGate>; setting: ProgramSetting; port?: number | undefined },
  ) {
    this.app = app;
    this.#gate = options.gate;
    this.#setting = options.setting;
    this.#port = options.port;
  }

  /** It was started and not stopped, whether that went well or not. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** The process, while it runs. */
  get program(): StartedProgram | undefined {
    return this.#program;
  }

  get gate(): Promise<StartedGate> {
    return this.#gate;
  }

  /** Undefined until it has listened once; it keeps it over restarts. */
  get port(): number | undefined {
    return this.#port;
  }

  get url(): string | undefined {
    return this.#isUp ? `http://127.0.0.1:${this.#port}` : undefined;
  }

  /** Starts it at once; what went wrong is told by `ready`. */
  start(): void {
    this.#wanted = true;
    this.#listening = this.#start();
    // Heard of by whoever waits for it; a Redis that cannot be had is told before.
    this.#listening.catch(() => {});
  }

  /** Resolves when it listens (or is not running), with what went wrong if something did. */
  async ready(): Promise<Trouble | undefined> {
    return await this.#listening;
  }

  /** Ends it as SIGKILL does. */
  async stop(): Promise<void> {
    this.#wanted = false;
    await this.#end();
  }

  async #end(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    this.#isUp = false;
    await program?.kill();
  }

  async #start(): Promise<Trouble | undefined> {
    const gate = await this.#gate;
    // Stopped before it was begun: nobody would end it then.
    if (!this.#wanted) return undefined;
    try {
      // A number, and not 0: programs print the port that they were told.
      await this.#launch(gate, this.#port ?? (await findFreePort()));
    } catch (error) {
      if (!(error instanceof ProgramFailure)) throw error;
      if (error.reason !== "port-taken") return this.#describe(error);
      await this.#end();
      if (!this.#wanted) return undefined;
      try {
        // Somebody took its port meanwhile.
        await this.#launch(gate, isPython(this.app.file) ? await findFreePort() : 0);
      } catch (second) {
        if (!(second instanceof ProgramFailure)) throw second;
        return this.#describe(second);
      }
    }
    return undefined;
  }

  async #launch(gate: StartedGate, port: number): Promise<void> {
    const { folder, environment, offsetMs, tell } = this.#setting;
    const { name, file, env } = this.app;
    const program = await startLessonProgram({
      name,
      entry: path.join(folder, file),
      cwd: folder,
      environment: {
        ...(await environment()),
        HOST: "127.0.0.1",
        PORT: String(port),
        REDIS_URL: gate.url,
        ...env,
      },
      offsetMs: offsetMs(),
      onLine: (line, stream) => tell({ kind: "program-line", program: name, stream, line }),
    });
    if (!this.#wanted) {
      await program.kill();
      return;
    }
    this.#program = program;
    this.#port = await program.listening(START_DEADLINE_MS);
    if (this.#program !== program) return;
    this.#isUp = true;
    void program.ended.then((end) => this.#onEnd(program, end));
  }

  /** It ended although nobody stopped it. */
  #onEnd(program: StartedProgram, end: ProgramEnd): void {
    if (this.#program !== program) return;
    this.#program = undefined;
    this.#isUp = false;
    const how = end.signal ?? `exit code ${end.code}`;
    this.#setting.tell(trouble(`${this.app.name} ended (${how}).`, end.stderr));
  }

  #describe(failure: ProgramFailure): Trouble {
    // What its process prints later is of no interest: it is gone.
    const program = this.#program;
    this.#program = undefined;
    void program?.kill();
    return trouble(failure.message, failure.stderr);
  }
}

function trouble(message: string, stderr: string): Trouble {
  const lines = stderr.replaceAll("\r\n", "\n").trim().split("\n");
  return {
    kind: "trouble",
    message,
    details: lines.filter((line) => line !== "").slice(0, SHOWN_LINES),
  };
}
