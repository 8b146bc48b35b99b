/** Runs jobs side by side, a bounded number at a time. The first that fails is the last that was begun. */
export class Lanes {
  readonly #jobs: (() => Promise<void>)[];
  readonly #lanes: Promise<void>[] = [];
  #failure: { readonly reason: unknown } | undefined;

  constructor(jobs: readonly (() => Promise<void>)[]) {
    this.#jobs = [...jobs];
  }

  /** More jobs, run after those that wait. Only while a job runs. */
  add(jobs: readonly (() => Promise<void>)[]): void {
    this.#jobs.push(...jobs);
  }

  /** From now on so many at a time. */
  widen(count: number): void {
    while (this.#lanes.length < count) this.#lanes.push(this.#run());
  }

  /**
   * Resolves when all have ended.
   * @throws what the first failing one threw, once those that had been begun have ended too
   */
  async done(): Promise<void> {
    // Lanes may be added meanwhile.
    for (let at = 0; at < this.#lanes.length; at += 1) await this.#lanes[at];
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  async #run(): Promise<void> {
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      try {
        await job();
      } catch (reason) {
        this.#failure ??= { reason };
      }
    }
  }

  #next(): (() => Promise<void>) | undefined {
    return this.#failure === undefined ? this.#jobs.shift() : undefined;
  }
}
