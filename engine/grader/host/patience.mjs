// How long the context's client waits for Redis. node-redis stops its own timeout once a command is
// written, so with a Redis that is stuck it would wait for ever.

/** A limit for all commands under way, which can be changed while they wait. */
export class Patience {
  #ms;
  #waiting = new Set();

  /** @param {number} ms */
  constructor(ms) {
    this.#ms = ms;
  }

  /** From now on this is the limit; commands that wait get so long from this moment. @param {number} ms */
  change(ms) {
    this.#ms = ms;
    for (const arm of this.#waiting) arm();
  }

  /** Has every command of this client, and of its duplicates, reject when no answer comes in time. */
  rule(client) {
    const patience = this;
    for (const name of ["sendCommand", "_executePipeline", "_executeMulti"]) {
      const original = client[name];
      client[name] = async function (...args) {
        return await patience.#limit(original.apply(this, args));
      };
    }
    const duplicate = client.duplicate;
    client.duplicate = function (...args) {
      const other = duplicate.apply(this, args);
      patience.rule(Reflect.get(other, "_self") ?? other);
      return other;
    };
  }

  async #limit(answer) {
    let timer;
    let arm;
    const late = new Promise((_resolve, reject) => {
      arm = () => {
        clearTimeout(timer);
        const fail = () => reject(new Error(`Redis has not answered within ${this.#ms} ms`));
        timer = setTimeout(fail, this.#ms);
      };
    });
    arm();
    this.#waiting.add(arm);
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(arm);
    }
  }
}
