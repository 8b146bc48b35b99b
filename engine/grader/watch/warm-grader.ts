import { type HostSource, retireHost, startHost, type WaitingHost } from "../boot/host-pool.ts";
import { readyPackages } from "../build/ready-packages.ts";
import { RedisStock } from "../boot/redis-stock.ts";
import { type GradeEvent, gradeSubmission } from "../grade-submission.ts";
import type { Report } from "../report.ts";

/** This many processes are started before a run is known to need more at the same time. */
const FIRST_HOSTS = 4;
const MOST_HOSTS = 14;
/** Then it is ended: of what it has loaded nothing leaves its memory. */
const MOST_BOOTS = 100;
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

  let doubtful: ReadonlySet<number> = new Set();
  const grade: WarmGrader["grade"] = async ({ first, onEvent }) => {
    callOffRun?.();
    const controller = new AbortController();
    const { signal } = controller;
    const hosts = spare.lend();
    callOffRun = () => {
      controller.abort();
      hosts.end();
    };
    const run = gradeSubmission({
      ...options,
      first,
      doubtful,
      signal,
      redises: spare.redises,
      hosts,
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
      if (signal.aborted) return undefined;
      const failing = report.results.filter(({ passed }) => !passed);
      doubtful = new Set(failing.map(({ number }) => number));
      return report;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      runs.delete(run);
      hosts.end();
      if (!signal.aborted) spare.fill(hosts);
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

/** The processes of one run. */
interface LentHosts extends HostSource {
  /** How many were in use at the same time. */
  readonly most: number;
  /** How many did not come back, as those of a failing check. */
  readonly lost: number;
  /** Ends what is in use, at once. */
  end(): void;
}

/** What is ready for the next run. It is filled up between the runs: while one is on, it gets the processors. */
class Stock implements AsyncDisposable {
  readonly #cwd: string;
  readonly #fresh: WaitingHost[] = [];
  /** They have booted before, and are quicker for that: V8 has compiled what they run. */
  readonly #retired: WaitingHost[] = [];
  readonly #comingBack = new Set<Promise<void>>();
  readonly redises = new RedisStock(process.env);
  #wanted = FIRST_HOSTS;
  #wantedFresh = 0;
  #isClosed = false;
  #filling: Promise<void> | undefined;
  #isPaused = false;

  constructor(cwd: string) {
    this.#cwd = cwd;
    this.#fill();
  }

  /** For a run that begins now. */
  lend(): LentHosts {
    this.#isPaused = true;
    const inUse = new Set<WaitingHost>();
    let [isOver, most, lost] = [false, 0, 0];
    return {
      take: async (isFresh = false) => {
        const retired = isFresh ? undefined : this.#retired.pop();
        const host = retired ?? this.#fresh.shift() ?? startHost(this.#cwd, await readyPackages());
        lost += 1;
        inUse.add(host);
        most = Math.max(most, inUse.size);
        void host.program.ended.then(() => inUse.delete(host));
        // Called off while it was on its way.
        if (isOver) void host.program.kill();
        return host;
      },
      giveBack: async (host) => {
        lost -= 1;
        inUse.delete(host);
        const back = this.#takeBack(host).finally(() => this.#comingBack.delete(back));
        this.#comingBack.add(back);
        await back;
      },
      end: () => {
        isOver = true;
        for (const { program } of inUse) void program.kill();
      },
      get most() {
        return most;
      },
      get lost() {
        return lost;
      },
    };
  }

  /** The next run will need as much as this one. */
  fill({ most, lost }: LentHosts): void {
    this.#wanted = Math.min(MOST_HOSTS, Math.max(this.#wanted, most));
    this.#wantedFresh = Math.min(MOST_HOSTS, lost);
    this.#isPaused = false;
    this.#fill();
  }

  async ready(): Promise<void> {
    await Promise.all(this.#comingBack);
    await this.#filling;
    await this.redises.ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#comingBack);
    await this.#filling;
    const all = [...this.#fresh, ...this.#retired];
    await Promise.all(all.map(async ({ program }) => await program.kill()));
    await this.redises[Symbol.asyncDispose]();
  }

  async #takeBack(host: WaitingHost): Promise<void> {
    if (!(await retireHost(host))) return;
    if (this.#isClosed || host.boots >= MOST_BOOTS) await host.program.kill();
    else this.#retired.push(host);
  }

  #fill(): void {
    this.#filling ??= this.#start().finally(() => {
      this.#filling = undefined;
    });
  }

  /** Two at a time, so that a save in between finds a machine that answers. */
  async #start(): Promise<void> {
    this.redises.prepare(REDISES);
    const packages = await readyPackages();
    // Those that still come back are there in a moment.
    await Promise.all(this.#comingBack);
    const isWanted = () =>
      this.#fresh.length < this.#wantedFresh ||
      this.#fresh.length + this.#retired.length < this.#wanted;
    while (!this.#isClosed && !this.#isPaused && isWanted()) {
      const two = [startHost(this.#cwd, packages), startHost(this.#cwd, packages)];
      this.#fresh.push(...two);
      await Promise.all(two.map(async ({ waits }) => await waits));
    }
  }
}
