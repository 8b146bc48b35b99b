import { emitKeypressEvents } from "node:readline";
import { atExit } from "../process/at-exit.ts";
import { deferred } from "../process/deferred.ts";
import { interrupt } from "../process/interrupt.ts";

/** A key as it is called: `enter`, `a`, `ctrl-d`, `escape`, `up`. */
export type Key = string;

/** Single keys, without Enter. The terminal is as before once it is disposed of, and whatever ends us. */
export interface Keyboard extends Disposable {
  /** The next key; undefined when the input has ended, or the signal calls the waiting off. */
  next(signal?: AbortSignal): Promise<Key | undefined>;
  /** Resolves as soon as this key is typed while nobody waits for one; never, once disposed of. */
  typed(key: Key): Promise<void> & Disposable;
  /** Forgets keys that were typed while nobody waited. */
  drain(): void;
  /** Gives the input away, to a line editor for instance, while `use` runs. */
  lend<T>(use: () => Promise<T>): Promise<T>;
}

/**
 * Takes the keyboard. Ctrl-C ends the program as ever, and Ctrl-Z suspends it; after `fg`,
 * `onResumed` can draw again.
 */
export function openKeyboard(
  onResumed: () => void = () => {},
  input: NodeJS.ReadStream = process.stdin,
): Keyboard {
  const waiting: { resolve: (key: Key | undefined) => void }[] = [];
  let typed: Key[] = [];
  const watched = new Set<{ readonly key: Key; readonly tell: () => void }>();
  let hasEnded = false;

  const onKeypress = (text: string | undefined, key: KeypressInfo) => {
    const name = nameOf(text, key);
    if (name === "ctrl-c") return interrupt();
    if (name === "ctrl-z") return suspend();
    const first = waiting.shift();
    if (first !== undefined) return first.resolve(name);
    typed.push(name);
    for (const { key: wanted, tell } of watched) if (wanted === name) tell();
  };
  const onEnd = () => {
    hasEnded = true;
    for (const { resolve } of waiting.splice(0)) resolve(undefined);
  };
  const ignore = () => {
    input.off("keypress", onKeypress);
    input.off("end", onEnd);
  };
  const release = () => {
    ignore();
    setRaw(input, false);
    input.pause();
  };
  const take = () => {
    setRaw(input, true);
    input.on("keypress", onKeypress);
    input.on("end", onEnd);
    input.resume();
  };
  const suspend = () => {
    // Windows has no such thing; there the key does nothing.
    if (process.platform === "win32") return;
    release();
    process.once("SIGCONT", () => {
      take();
      onResumed();
    });
    // The whole job, as the terminal itself would do it: npm stands between the shell and us.
    process.kill(0, "SIGTSTP");
  };

  emitKeypressEvents(input);
  // Also when a signal ends us.
  const forget = atExit({ endNow: () => setRaw(input, false) });
  take();
  return {
    next: async (signal) => {
      const early = typed.shift();
      if (early !== undefined) return early;
      if (hasEnded || signal?.aborted === true) return undefined;
      return await new Promise((resolve) => {
        const waiter = { resolve };
        waiting.push(waiter);
        signal?.addEventListener(
          "abort",
          () => {
            const at = waiting.indexOf(waiter);
            if (at !== -1) waiting.splice(at, 1);
            resolve(undefined);
          },
          { once: true },
        );
      });
    },
    typed: (wanted) => {
      const { promise, resolve } = deferred<void>();
      const watcher = { key: wanted, tell: () => resolve() };
      watched.add(watcher);
      if (typed.includes(wanted)) resolve();
      return Object.assign(promise, { [Symbol.dispose]: () => void watched.delete(watcher) });
    },
    drain: () => {
      typed = [];
    },
    lend: async (use) => {
      // Raw all the time: in between, Ctrl-D would end the input for good.
      ignore();
      try {
        return await use();
      } finally {
        take();
      }
    },
    [Symbol.dispose]: () => {
      forget();
      release();
    },
  };
}

interface KeypressInfo {
  readonly name?: string;
  readonly ctrl?: boolean;
}

function nameOf(text: string | undefined, { name, ctrl }: KeypressInfo): Key {
  if (ctrl === true && name !== undefined) return `ctrl-${name}`;
  if (name === "return" || name === "enter") return "enter";
  return name ?? text ?? "";
}

function setRaw(input: NodeJS.ReadStream, raw: boolean): void {
  try {
    if (input.isTTY) input.setRawMode(raw);
  } catch {
    // The terminal was closed: there is nothing to restore.
  }
}
