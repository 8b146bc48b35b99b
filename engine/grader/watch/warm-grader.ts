import { startHost, type WaitingHost } from "../boot/host-pool.ts";
import { readyPackages } from "../build/ready-packages.ts";
import { RedisStock } from "../boot/redis-stock.ts";
import { type GradeEvent, gradeSubmission } from "../grade-submission.ts";
import type { Report } from "../report.ts";

/** Processes of two runs are never needed at once; this many are started before one is known to need more. */
const FIRST_HOSTS = 4;
const MOST_HOSTS = 14;
const REDISES = 3;

/** Grades again and again, with processes and Redises that are ready before the next save. */
export interface WarmGrader extends AsyncDisposable {
  /**
   * Grades the folder as it is now, and calls off the run before. Undefined: this one was called
   * off itself, and nothing of it is to be shown; no event comes after that either.
   */
  grade(options: {
    /** Run before the others. */
    readonly first: number | undefined;
    readonly onEvent: (event: GradeEvent) => void;
  }): Promise<Report | undefined>;
  /** Calls off the run that is under way, at once. */
  callOff(): void;
  /** Resolves once all that the next run needs is ready. */
  ready(): Promise<void>;
}

/** Starts the first processes; they become ready while the learner writes. */
export function startWarmGrader(options: {
  readonly repository: string;
  readonly slug: string;
  readonly folder: string;
}): WarmGrader {
  const spare = new Stock(options.repository);
  let callOffRun: (() => void) | undefined;
  const runs = new Set<Promise<unknown>>();

  const grade: WarmGrader["grade"] = async ({ first, onEvent }) => {
    callOffRun?.();
    const controller = new AbortController();
    const { signal } = controller;
    const taken: WaitingHost[] = [];
    const endHosts = () => {
      for (const { program } of taken) void program.kill();
    };
    callOffRun = () => {
      controller.abort();
      endHosts();
    };
    spare.pause();
    const run = gradeSubmission({
      ...options,
      first,
      signal,
      redises: spare.redises,
      hosts: {
        take: async () => {
          const host = await spare.takeHost();
          taken.push(host);
          // Called off while it was on its way.
          if (signal.aborted) void host.program.kill();
          return host;
        },
      },
      onEvent: (event) => {
        if (!signal.aborted) onEvent(event);
      },
      onReport: (clearedUp) => {
        const kept = clearedUp.finally(() => runs.delete(kept));
        runs.add(kept);
      },
    });
    runs.add(run);
    try {
      const report = await run;
      return signal.aborted ? undefined : report;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      runs.delete(run);
      endHosts();
      if (!signal.aborted) spare.fill(taken.length);
    }
  };
  return {
    grade,
    callOff: () => callOffRun?.(),
    ready: async () => await spare.ready(),
    async [Symbol.asyncDispose]() {
      callOffRun?.();
      await spare[Symbol.asyncDispose]();
      await Promise.allSettled(runs);
    },
  };
}

/** What is ready for the next run. It is filled up between the runs: while one is on, it gets the processors. */
class Stock implements AsyncDisposable {
  readonly #cwd: string;
  readonly #hosts: WaitingHost[] = [];
  readonly redises = new RedisStock(process.env);
  #wanted = FIRST_HOSTS;
  #isClosed = false;
  #filling: Promise<void> | undefined;
  #isPaused = false;

  constructor(cwd: string) {
    this.#cwd = cwd;
    this.fill(0);
  }

  async takeHost(): Promise<WaitingHost> {
    return this.#hosts.shift() ?? startHost(this.#cwd, await readyPackages());
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** @param used how many processes the last run took: the next one will need as many. */
  fill(used: number): void {
    this.#wanted = Math.min(MOST_HOSTS, Math.max(this.#wanted, used));
    this.#isPaused = false;
    this.#filling ??= this.#start().finally(() => {
      this.#filling = undefined;
    });
  }

  async ready(): Promise<void> {
    await this.#filling;
    await this.redises.ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#filling;
    await Promise.all(this.#hosts.map(async ({ program }) => await program.kill()));
    await this.redises[Symbol.asyncDispose]();
  }

  /** Two at a time, so that a save in between finds a machine that answers. */
  async #start(): Promise<void> {
    const mayGoOn = () => !this.#isClosed && !this.#isPaused;
    this.redises.prepare(REDISES);
    const packages = await readyPackages();
    while (mayGoOn() && this.#hosts.length < this.#wanted) {
      const two = [startHost(this.#cwd, packages), startHost(this.#cwd, packages)];
      this.#hosts.push(...two);
      await Promise.all(two.map(async ({ waits }) => await waits));
    }
  }
}
