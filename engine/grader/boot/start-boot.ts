import { Agent } from "node:http";
import { setImmediate } from "node:timers/promises";
import { DeadlineError, waitUntil } from "../../process/deadline.ts";
import type { StartedProgram } from "../../process/start-program.ts";
import { type StartedGate, startGate } from "../../redis/gate.ts";
import type { StartedRedis } from "../../redis/provide-redis.ts";
import { settle } from "../../redis/settle.ts";
import type { BuiltSubmission } from "../build/build-submission.ts";
import type { Exercise } from "../exercise.ts";
import type { Instance } from "../kit.ts";
import { BootDoors } from "./boot-doors.ts";
import type { HostSource, WaitingHost } from "./host-pool.ts";
import { describeEnd, type LaunchedProgram, launchProgram } from "./launch-program.ts";
import type { RedisStock } from "./redis-stock.ts";
import { RunningTime } from "./running-time.ts";
import { shownErrors } from "./shown-errors.ts";
import type { SubmissionFailure } from "./submission-failure.ts";

export interface BootOptions {
  /** Absolute path of the submission. */
  readonly folder: string;
  readonly built: BuiltSubmission;
  readonly exercise: Exercise;
  readonly settings: object;
  readonly secret: string;
  readonly deadlines: Deadlines;
  readonly pool: HostSource;
  /** Where it gets its Redis from; it gives it back at its end. */
  readonly redises: RedisStock;
}

/** What a program has time for, by the time in which it could run. */
export interface Deadlines {
  /** Until it is loaded and `createApp` has returned. */
  readonly startMs: number;
  /** For one request with its whole answer, unless the check says otherwise. */
  readonly requestMs: number;
}

/** One process of the submission with the gate in front of it. */
export interface BootInstance extends Instance {
  readonly gate: StartedGate;
  readonly time: RunningTime;
  /** Keeps the connections to this process. */
  agent: Agent;
  host: WaitingHost;
  program: StartedProgram;
  errors: LaunchedProgram["errors"];
  url: string;
  isRunning: boolean;
}

const QUIET_DEADLINE_MS = 5_000;
const ORDER_DEADLINE_MS = 10_000;

/**
 * How long the context's client waits for an answer of Redis (500 ms in `npm start`). In an outage
 * none comes: there is nothing to wait for. Else every command is answered, if late: a busy machine
 * must not look like an outage.
 */
const PATIENCE_MS = { outage: 100, else: 10_000 } as const;

/** A Redis, the programs of a submission in front of it, and the doors. */
export class StartedBoot implements AsyncDisposable {
  readonly options: BootOptions;
  readonly redis: StartedRedis;
  readonly doors: BootDoors;
  readonly instances: BootInstance[] = [];
  readonly #gates: StartedGate[] = [];
  offsetMs = 0;
  /** A request was not answered in time. */
  isLate = false;
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
    const launched = await this.#launch(name, gate, await this.options.pool.take());
    const instance: BootInstance = {
      name,
      gate,
      time: new RunningTime(async (deadlineMs) => await instance.program.turn(deadlineMs)),
      agent: newAgent(),
      ...launched,
      isRunning: true,
    };
    this.instances.push(instance);
    this.#watch(instance);
    return instance;
  }

  /**
   * Ends a program without a word to it, and starts it again in another process. A process that has booted
   * before is kept, if nothing is left in it: where its check fails, it is run again in new ones, which are killed.
   */
  async restart(instance: BootInstance): Promise<void> {
    const { built, pool } = this.options;
    const { host, isRunning, program } = instance;
    instance.agent.destroy();
    // Before the other one is given back: nothing that is not seen to be left in it can be met again.
    const next = await pool.take();
    if (isRunning && built.isRepeatable && host.boots > 0) await pool.giveBack(host, true);
    else await program.kill();
    const launched = await this.#launch(instance.name, instance.gate, next);
    Object.assign(instance, launched, { agent: newAgent(), isRunning: true });
    this.#watch(instance);
  }

  /** The own error of a program that died, if one did. */
  death(): SubmissionFailure | undefined {
    const dead = this.instances.find(({ isRunning }) => !isRunning);
    return dead && describeEnd(dead.name, dead.program, this.options.built, this.options.folder);
  }

  /**
   * Resolves once a program that is dying at this moment is known to be dead: its connections may
   * have been closed before.
   */
  async noticeDeaths(): Promise<void> {
    // One that does not answer in time is not asked again.
    if (this.isLate) return;
    await Promise.all(
      this.instances.map(async ({ isRunning, program }) => {
        if (isRunning) await program.turn(ORDER_DEADLINE_MS);
      }),
    );
    // `isRunning` is set by one who waits for the same end.
    await setImmediate();
  }

  /** From now on: what the programs print to stderr, for people; of several programs, below the name of each. */
  watchErrors(): () => readonly string[] {
    const starts = this.instances.map((instance) => ({ instance, from: instance.errors.count }));
    const isOneOfSeveral = this.options.exercise.programs.length > 1;
    return () =>
      starts.flatMap(({ instance: { errors, name }, from }) => {
        const added = errors.count - from;
        const lines = added > 0 ? errors.lines.slice(-added) : [];
        const shown = shownErrors(lines, this.options.built, this.options.folder);
        return isOneOfSeveral && shown.length > 0 ? [`${name}:`, ...shown] : shown;
      });
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
    // It would stay in the Redis, for all that use it later.
    if (!Number.isFinite(ms)) throw new RangeError(`Not a time to travel: ${ms}`);
    await this.quiet();
    this.offsetMs += ms;
    await Promise.all([
      this.redis.travel(ms),
      this.#setClocks((program) => program.setOffset(this.offsetMs, ORDER_DEADLINE_MS)),
    ]);
  }

  async freeze(atMs: number | undefined): Promise<void> {
    await this.#setClocks((program) => program.freeze(atMs, ORDER_DEADLINE_MS));
  }

  /** @param mayRepeat what is in order may boot once more: its processes go back to where they came from */
  async end(mayRepeat: boolean): Promise<void> {
    const { built, pool } = this.options;
    const repeats = mayRepeat && built.isRepeatable && !this.isLate;
    this.doors.releaseAll();
    for (const { agent } of this.instances) agent.destroy();
    await Promise.all(
      this.instances.map(async ({ host, isRunning, program }) => {
        if (repeats && isRunning) await pool.giveBack(host);
        else await program.kill();
      }),
    );
    await Promise.all(this.#gates.map(async (gate) => await gate[Symbol.asyncDispose]()));
    await this.redis[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end(false);
  }

  async #launch(name: string, gate: StartedGate, host: WaitingHost): Promise<LaunchedProgram> {
    const { built, deadlines, folder, settings, secret } = this.options;
    return await launchProgram(name, {
      folder,
      built,
      host,
      doors: this.doors,
      context: { redisUrl: gate.url, secret, settings },
      patienceMs: this.#patienceMs,
      offsetMs: this.offsetMs,
      startDeadlineMs: deadlines.startMs,
    });
  }

  async #setClocks(set: (program: StartedProgram) => Promise<void>): Promise<void> {
    const running = this.instances.filter(({ isRunning }) => isRunning);
    await Promise.all(
      running.map(async ({ program }) => {
        try {
          await set(program);
        } catch (error) {
          // One that is stuck: its next answer is what fails.
          if (!(error instanceof DeadlineError)) throw error;
          this.isLate = true;
        }
      }),
    );
  }

  #setPatience(ms: number): void {
    this.#patienceMs = ms;
    for (const { program } of this.instances) program.send({ do: "patience", ms });
  }

  #watch(instance: BootInstance): void {
    const { program } = instance;
    void program.ended.then(() => {
      if (instance.program === program) instance.isRunning = false;
      return undefined;
    });
  }
}

function newAgent(): Agent {
  return new Agent({ keepAlive: true, maxFreeSockets: 8 });
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
