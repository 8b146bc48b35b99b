import {
  type HostSource,
  RetiredHosts,
  retireHost,
  startHost,
  type WaitingHost,
} from "../boot/host-pool.ts";
import { readyPackages } from "../build/ready-packages.ts";
import { RedisStock } from "../boot/redis-stock.ts";
import { type GradeEvent, gradeSubmission } from "../grade-submission.ts";
import type { Report } from "../report.ts";
import { failingChecks } from "./read-last-report.ts";

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
      if (report.verdict !== "could-not-be-graded") doubtful = failingChecks(report.results);
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
  readonly #retired = new RetiredHosts();
  readonly #comingBack = new Map<WaitingHost, Promise<void>>();
  readonly redises = new RedisStock(process.env);
  #wanted = FIRST_HOSTS;
  #lastRun: LentHosts | undefined;
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
        const retired = isFresh ? undefined : this.#retired.take();
        const host = retired ?? this.#fresh.shift() ?? startHost(this.#cwd, await readyPackages());
        lost += 1;
        inUse.add(host);
        most = Math.max(most, inUse.size);
        void host.program.ended.then(() => inUse.delete(host));
        // Called off while it was on its way.
        if (isOver) void host.program.kill();
        return host;
      },
      giveBack: async (host, isSudden = false) => {
        inUse.delete(host);
        const back = this.#takeBack(host, isSudden).then((isBack) => void (lost -= isBack ? 1 : 0));
        this.#comingBack.set(
          host,
          back.catch(() => {}).finally(() => this.#comingBack.delete(host)),
        );
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
  fill(lastRun: LentHosts): void {
    this.#lastRun = lastRun;
    this.#wanted = Math.min(MOST_HOSTS, Math.max(this.#wanted, lastRun.most));
    this.#isPaused = false;
    this.#fill();
  }

  async ready(): Promise<void> {
    await Promise.all(this.#comingBack.values());
    await this.#filling;
    await this.redises.ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#comingBack.keys()].map(kill));
    await this.#filling;
    await Promise.all([...this.#fresh, ...this.#retired.takeAll()].map(kill));
    await this.redises[Symbol.asyncDispose]();
  }

  /** Answers whether the stock lacks nothing by it. */
  async #takeBack(host: WaitingHost, isSudden: boolean): Promise<boolean> {
    if (!(await retireHost(host, isSudden))) return false;
    const isEnough = this.#fresh.length + this.#retired.size >= MOST_HOSTS;
    if (this.#isClosed || isEnough || host.boots >= MOST_BOOTS) {
      await host.program.kill();
      return isEnough;
    }
    this.#retired.add(host);
    return true;
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
    await Promise.all(this.#comingBack.values());
    const isWanted = () => {
      const { lost = 0 } = this.#lastRun ?? {};
      const missing = Math.min(MOST_HOSTS, lost) - this.#fresh.length;
      return missing > 0 || this.#fresh.length + this.#retired.size < this.#wanted;
    };
    while (!this.#isClosed && !this.#isPaused && isWanted()) {
      const two = [startHost(this.#cwd, packages), startHost(this.#cwd, packages)];
      this.#fresh.push(...two);
      await Promise.all(two.map(async ({ waits }) => await waits));
    }
  }
}

async function kill({ program }: WaitingHost): Promise<void> {
  await program.kill();
}
