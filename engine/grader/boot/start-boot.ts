import { deferred } from "../../process/deferred.ts";
import { DeadlineError, waitUntil, withDeadline } from "../../process/deadline.ts";
import type { ProgramCrash, StartedProgram } from "../../process/start-program.ts";
import { type StartedGate, startGate } from "../../redis/gate.ts";
import type { StartedRedis } from "../../redis/provide-redis.ts";
import { settle } from "../../redis/settle.ts";
import type { BuiltSubmission } from "../build/build-submission.ts";
import type { Exercise } from "../exercise.ts";
import type { Instance } from "../kit.ts";
import { BootDoors } from "./boot-doors.ts";
import type { HostSource } from "./host-pool.ts";
import type { RedisStock } from "./redis-stock.ts";
import { RunningTime } from "./running-time.ts";
import { describeError, SubmissionFailure } from "./submission-failure.ts";

export interface BootOptions {
  /** Absolute path of the submission. */
  readonly folder: string;
  readonly built: BuiltSubmission;
  readonly exercise: Exercise;
  readonly settings: object;
  readonly secret: string;
  readonly pool: HostSource;
  /** Where it gets its Redis from; it gives it back at its end. */
  readonly redises: RedisStock;
}

/** One process of the submission with the gate in front of it. */
export interface BootInstance extends Instance {
  readonly gate: StartedGate;
  readonly time: RunningTime;
  program: StartedProgram;
  url: string;
  isRunning: boolean;
}

/** Of our own host, before anything of the submission runs. */
const HOST_DEADLINE_MS = 120_000;
/** Of `createApp`, by the time in which the program could run. */
const START_DEADLINE_MS = 10_000;
const QUIET_DEADLINE_MS = 5_000;
const ORDER_DEADLINE_MS = 10_000;
/**
 * The context's client waits 500 ms, as the exercises say, while Redis does not answer. Else every
 * command is answered, if late: a busy machine must not look like an outage.
 */
const PATIENCE_MS = { outage: 500, else: 10_000 } as const;

/** A Redis, the programs of a submission in front of it, and the doors. */
export class StartedBoot implements AsyncDisposable {
  readonly options: BootOptions;
  readonly redis: StartedRedis;
  readonly doors: BootDoors;
  readonly instances: BootInstance[] = [];
  readonly #gates: StartedGate[] = [];
  offsetMs = 0;
  #patienceMs: number = PATIENCE_MS.else;

  constructor(options: BootOptions, redis: StartedRedis) {
    this.options = options;
    this.redis = redis;
    this.doors = new BootDoors(
      options.exercise.doors({
        settings: options.settings,
        purpose: "grading",
        now: () => Date.now() + this.offsetMs,
      }),
    );
  }

  get gates(): readonly StartedGate[] {
    return this.#gates;
  }

  /** The first running instance of this name. */
  instance(name = this.options.exercise.programs[0] ?? "app"): BootInstance {
    const found = this.instances.find((instance) => instance.name === name);
    if (found === undefined) throw new Error(`The exercise has no program ${name}`);
    return found;
  }

  async add(name: string): Promise<BootInstance> {
    const gate = await startGate({ redis: this.redis, refuse: true });
    this.#gates.push(gate);
    const { program, url } = await this.#launch(name, gate);
    const instance: BootInstance = {
      name,
      gate,
      time: new RunningTime(async (deadlineMs) => await instance.program.turn(deadlineMs)),
      program,
      url,
      isRunning: true,
    };
    this.instances.push(instance);
    this.#watch(instance);
    return instance;
  }

  async restart(instance: BootInstance): Promise<void> {
    await instance.program.kill();
    Object.assign(instance, await this.#launch(instance.name, instance.gate), { isRunning: true });
    this.#watch(instance);
  }

  /** The own error of a program that died, if one did. */
  death(): SubmissionFailure | undefined {
    const dead = this.instances.find(({ isRunning }) => !isRunning);
    return dead && endOf(dead.name, dead.program, this.options);
  }

  /** Waits until the programs are quiet; false when they were not in time. */
  async quiet(held = false, only: readonly BootInstance[] = this.instances): Promise<boolean> {
    const all = await Promise.all(
      only.map(
        async ({ gate, program }) =>
          await settle({
            gate,
            programs: [program],
            deadlineMs: QUIET_DEADLINE_MS,
            held,
            busy: () => this.doors.working,
          }),
      ),
    );
    return !all.includes(false);
  }

  /** Redis is gone, or there and stuck, for all programs. */
  beginOutage(kind: "cut" | "stall"): void {
    this.#setPatience(PATIENCE_MS.outage);
    for (const gate of this.#gates) gate[kind]();
  }

  async endOutage(): Promise<void> {
    await Promise.all(this.#gates.map(async (gate) => await gate.restore()));
    this.#setPatience(PATIENCE_MS.else);
  }

  async travel(ms: number): Promise<void> {
    await this.quiet();
    this.offsetMs += ms;
    await this.redis.travel(ms);
    await Promise.all(
      this.instances
        .filter(({ isRunning }) => isRunning)
        .map(async ({ program }) => await program.setOffset(this.offsetMs, ORDER_DEADLINE_MS)),
    );
  }

  async freeze(atMs: number | undefined): Promise<void> {
    await Promise.all(
      this.instances
        .filter(({ isRunning }) => isRunning)
        .map(async ({ program }) => await program.freeze(atMs, ORDER_DEADLINE_MS)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.doors.releaseAll();
    await Promise.all(this.instances.map(async ({ program }) => await program.kill()));
    await Promise.all(this.#gates.map(async (gate) => await gate[Symbol.asyncDispose]()));
    await this.redis[Symbol.asyncDispose]();
  }

  async #launch(
    name: string,
    gate: StartedGate,
  ): Promise<{ program: StartedProgram; url: string }> {
    const { built, pool, settings, secret } = this.options;
    const file = built.fileOf(name);
    const host = await pool.take();
    const { program } = host;
    const booted = deferred<number>();
    host.onMessage = (message) => {
      if (typeof message !== "object" || message === null) return;
      const said = message as Record<string, unknown>;
      if (said["did"] === "boot") booted.resolve(Number(said["port"]));
      if (said["did"] === "fail") {
        booted.reject(failureOf(readCrash(said["error"]), this.options));
      }
      if (said["did"] === "door") void this.#answerDoor(program, name, said);
    };
    void program.ended.then(() => {
      booted.reject(endOf(name, program, this.options));
      return undefined;
    });
    booted.promise.catch(() => {});
    await withDeadline(host.waits, HOST_DEADLINE_MS, "The start of a process");
    const time = new RunningTime(async (deadlineMs) => await program.turn(deadlineMs));
    const callOff = time.startDeadline(START_DEADLINE_MS, () =>
      booted.reject(new DeadlineError(`createApp of ${name}`, START_DEADLINE_MS)),
    );
    try {
      if (this.offsetMs > 0) await program.setOffset(this.offsetMs, ORDER_DEADLINE_MS);
      const doors = this.doors.names;
      const patienceMs = this.#patienceMs;
      const { loader } = built;
      const context = { redisUrl: gate.url, secret, settings, doors };
      program.send({ do: "boot", file, loader, patienceMs, ...context });
      const port = await booted.promise;
      return { program, url: `http://127.0.0.1:${port}` };
    } catch (error) {
      await program.kill();
      if (error instanceof SubmissionFailure) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new SubmissionFailure({ message, file, line: undefined });
    } finally {
      callOff();
    }
  }

  #setPatience(ms: number): void {
    this.#patienceMs = ms;
    for (const { program } of this.instances) program.send({ do: "patience", ms });
  }

  async #answerDoor(
    program: StartedProgram,
    name: string,
    said: Record<string, unknown>,
  ): Promise<void> {
    const { id, door, args } = said;
    try {
      const list: readonly unknown[] = Array.isArray(args) ? args : [];
      program.send({ do: "door", id, result: await this.doors.call(String(door), name, list) });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      program.send({ do: "door", id, error: text });
    }
  }

  #watch(instance: BootInstance): void {
    const { program } = instance;
    void program.ended.then(() => {
      if (instance.program === program) instance.isRunning = false;
      return undefined;
    });
  }
}

/**
 * Starts the submission once.
 * @throws SubmissionFailure with the submission's own error, when it does not start
 */
export async function startBoot(options: BootOptions): Promise<StartedBoot> {
  const redis = await options.redises.take();
  const boot = new StartedBoot(options, redis);
  try {
    for (const name of options.exercise.programs) await boot.add(name);
    await waitUntil(() => boot.gates.every(({ connections }) => connections > 0), 1000);
    return boot;
  } catch (error) {
    await boot[Symbol.asyncDispose]();
    throw error;
  }
}

function readCrash(value: unknown): ProgramCrash {
  const said = typeof value === "object" && value !== null ? value : {};
  const text = (name: string) => {
    const found: unknown = Reflect.get(said, name);
    return typeof found === "string" ? found : undefined;
  };
  const [name, stack] = [text("name"), text("stack")];
  return {
    message: text("message") ?? "It failed without a message.",
    ...(name === undefined ? {} : { name }),
    ...(stack === undefined ? {} : { stack }),
  };
}

/** The error with its places as they are in the sources. */
function failureOf(crash: ProgramCrash, { built, folder }: BootOptions): SubmissionFailure {
  const { message, stack } = crash;
  const inSources = {
    ...crash,
    message: built.inSources(message),
    ...(stack === undefined ? {} : { stack: built.inSources(stack) }),
  };
  return new SubmissionFailure(describeError(inSources, folder));
}

function endOf(name: string, program: StartedProgram, options: BootOptions): SubmissionFailure {
  const crash = program.crash();
  if (crash !== undefined) return failureOf(crash, options);
  const last = program.output().stderr.trim().split("\n").at(-1) ?? "";
  const message = `${name} ended${last === "" ? " without an error (process.exit?)" : `: ${last}`}.`;
  return new SubmissionFailure({ message, file: undefined, line: undefined });
}
