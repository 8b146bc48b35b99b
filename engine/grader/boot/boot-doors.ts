import { deferred } from "../../process/deferred.ts";
import { waitUntil } from "../../process/deadline.ts";
import type { Door } from "../exercise.ts";
import type { DoorCall, Doors, HeldDoor } from "../kit.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const WAITING_DEADLINE_MS = 3000;

/** The doors of one boot: calls are seen, counted, held and failed here. */
export class BootDoors implements Doors {
  readonly #doors: Readonly<Record<string, Door>>;
  readonly #calls = new Map<string, Writable<DoorCall>[]>();
  readonly #holds = new Map<string, ReturnType<typeof deferred<void>>>();
  readonly #failures = new Map<string, { times: number; message: string }>();
  #working = 0;

  constructor(doors: Readonly<Record<string, Door>>) {
    this.#doors = doors;
  }

  get names(): readonly string[] {
    return Object.keys(this.#doors);
  }

  /** Calls at work; those that are held are not. */
  get working(): number {
    return this.#working;
  }

  calls(door: string): readonly DoorCall[] {
    return [...this.#of(door)];
  }

  hold(door: string): HeldDoor {
    this.#of(door);
    const gate = deferred<void>();
    this.#holds.get(door)?.resolve();
    this.#holds.set(door, gate);
    const held = () => this.#of(door).filter(({ state }) => state === "held");
    let isReleased = false;
    return {
      waiting: async (calls, deadlineMs = WAITING_DEADLINE_MS) => {
        // Once they may go on, no call waits any more: to look on would only keep this process alive.
        const isOver = () => isReleased || held().length >= calls;
        if ((await waitUntil(isOver, deadlineMs)) && held().length >= calls) return;
        const came = held().length;
        throw new Error(`${door} was to be called ${calls} times at once; ${came} calls came.`);
      },
      release: () => {
        isReleased = true;
        if (this.#holds.get(door) === gate) this.#holds.delete(door);
        gate.resolve();
      },
    };
  }

  fail(door: string, times: number, message = `${door} failed`): void {
    this.#of(door);
    this.#failures.set(door, { times, message });
  }

  /** Carries out one call of a program. */
  async call(name: string, program: string, args: readonly unknown[]): Promise<unknown> {
    const door = Object.hasOwn(this.#doors, name) ? this.#doors[name] : undefined;
    if (door === undefined) throw new Error(`There is no door ${name}`);
    const call: Writable<DoorCall> = { args, program, result: undefined, state: "held" };
    this.#of(name).push(call);
    await this.#holds.get(name)?.promise;
    this.#working += 1;
    try {
      const failure = this.#failures.get(name);
      if (failure !== undefined && failure.times > 0) {
        failure.times -= 1;
        throw new Error(failure.message);
      }
      call.result = await door(...args);
      call.state = "done";
      return call.result;
    } catch (error) {
      call.state = "failed";
      throw error;
    } finally {
      this.#working -= 1;
    }
  }

  releaseAll(): void {
    for (const gate of this.#holds.values()) gate.resolve();
    this.#holds.clear();
  }

  #of(door: string): Writable<DoorCall>[] {
    if (!Object.hasOwn(this.#doors, door)) throw new Error(`The exercise has no door ${door}`);
    const calls = this.#calls.get(door) ?? [];
    this.#calls.set(door, calls);
    return calls;
  }
}
