import type { HostSource, WaitingHost } from "./boot/host-pool.ts";
import type { StartedBoot } from "./boot/start-boot.ts";
import { SubmissionFailure } from "./boot/submission-failure.ts";
import type { Check } from "./check.ts";
import type { CheckFailure } from "./report.ts";
import { runCheck } from "./run-check.ts";

export interface RowOptions {
  readonly hosts: HostSource;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  /** These will fail, as far as one knows: they get a new process at once. */
  readonly isDoubtful: (one: Check) => boolean;
  readonly boot: (settings: object, hosts: HostSource) => Promise<StartedBoot>;
  readonly end: (started: StartedBoot, mayRepeat: boolean) => Promise<void>;
  readonly onResult: (one: Check, failure: CheckFailure | undefined, redis: string) => void;
}

/**
 * Runs checks one after the other on one boot, and takes them out of the list meanwhile. What is left
 * in it was not run: the program does not answer, and the rest should not wait in a row.
 * A failure counts only in a process that never booted before: else the check is run again in new ones,
 * where it has to hold twice.
 * @throws SubmissionFailure when the submission does not start
 */
export async function runRow(row: Check[], options: RowOptions): Promise<void> {
  const { seed, signal, boot, end, onResult, isDoubtful } = options;
  let hosts = new RowHosts(options.hosts, row.some(isDoubtful));
  let started: StartedBoot | undefined;
  /** Every check has held on this boot. */
  let isRight = true;
  /** It has failed in a used process: by what was left there, or by chance. It has to hold twice. */
  let suspect: Check | undefined;
  const leave = async () => {
    const left = started;
    const mayRepeat = isRight;
    started = undefined;
    isRight = true;
    if (left !== undefined) await end(left, mayRepeat);
  };
  try {
    for (let one = row.shift(); one !== undefined; one = row.shift()) {
      signal?.throwIfAborted();
      let failure: CheckFailure | undefined;
      let isBelieved: boolean;
      try {
        started ??= await boot(one.options.settings ?? {}, hosts);
        const bootAnother = async (settings: object) => await boot(settings, hosts);
        failure = await runCheck(one, started, bootAnother, seed);
        isBelieved = failure === undefined || !hosts.haveBooted;
      } catch (error) {
        if (!(error instanceof SubmissionFailure && hosts.haveBooted)) throw error;
        isBelieved = false;
      }
      isRight &&= isBelieved && failure === undefined;
      const isToHoldTwice = isBelieved && failure === undefined && suspect === one;
      suspect = isBelieved ? undefined : one;
      if (!isBelieved || isToHoldTwice) {
        row.unshift(one);
        await leave();
        hosts = new RowHosts(options.hosts, true);
        continue;
      }
      onResult(one, failure, started?.redis.line ?? "");
      if (started?.isLate) return;
      // One that has died, or does not come to rest, must not fail the checks after it.
      if (row.length === 0 || started?.death() !== undefined || !(await started?.quiet()))
        await leave();
    }
  } catch (error) {
    isRight = false;
    throw error;
  } finally {
    await leave();
  }
}

/** Remembers whether one of the processes had booted before. */
class RowHosts implements HostSource {
  readonly #source: HostSource;
  readonly #isFresh: boolean;
  haveBooted = false;

  constructor(source: HostSource, isFresh: boolean) {
    this.#source = source;
    this.#isFresh = isFresh;
  }

  async take(): Promise<WaitingHost> {
    const host = await this.#source.take(this.#isFresh);
    this.haveBooted ||= host.boots > 0;
    return host;
  }

  async giveBack(host: WaitingHost, isSudden?: boolean): Promise<void> {
    await this.#source.giveBack(host, isSudden);
  }
}
