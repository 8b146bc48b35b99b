/**
 * The clock of an embedded Redis: the system's, moved forward by what was added. A command sees one
 * moment only (Redis freezes its clock for a command and for a whole script).
 */
export class Clock {
  #offsetMs = 0;
  #frozenMs = Date.now();

  /** Milliseconds since 1970, as they were when the running command began. */
  get nowMs(): number {
    return this.#frozenMs;
  }

  /** Microseconds since 1970, not frozen; TIME answers it. */
  get nowUs(): number {
    return Math.floor((performance.timeOrigin + performance.now() + this.#offsetMs) * 1000);
  }

  /** Takes a new look at the system's clock; the dispatcher does it before each command. */
  refresh(): number {
    this.#frozenMs = Date.now() + this.#offsetMs;
    return this.#frozenMs;
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
    this.refresh();
  }
}
