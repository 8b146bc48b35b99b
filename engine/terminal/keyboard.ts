import { emitKeypressEvents } from "node:readline";

/** A key as it is called: `enter`, `a`, `ctrl-d`, `escape`, `up`. */
export type Key = string;

/** Single keys, without Enter. The terminal is as before once it is disposed of, and whatever ends us. */
export interface Keyboard extends Disposable {
  /** The next key; undefined when the input has ended, or the signal calls the waiting off. */
  next(signal?: AbortSignal): Promise<Key | undefined>;
  /** Forgets keys that were typed while nobody waited. Answers whether `q` was among them. */
  drain(): boolean;
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
  let hasEnded = false;

  const onKeypress = (text: string | undefined, key: KeypressInfo) => {
    const name = nameOf(text, key);
    if (name === "ctrl-c") return interrupt();
    if (name === "ctrl-z") return suspend();
    const first = waiting.shift();
    if (first === undefined) typed.push(name);
    else first.resolve(name);
  };
  const onEnd = () => {
    hasEnded = true;
    for (const { resolve } of waiting.splice(0)) resolve(undefined);
  };
  const release = () => {
    input.off("keypress", onKeypress);
    input.off("end", onEnd);
    setRaw(input, false);
    input.pause();
  };
  const take = () => {
    setRaw(input, true);
    input.on("keypress", onKeypress);
    input.on("end", onEnd);
    input.resume();
  };
  const restoreAtExit = () => setRaw(input, false);
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
  process.on("exit", restoreAtExit);
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
    drain: () => {
      const had = typed.includes("q");
      typed = [];
      return had;
    },
    lend: async (use) => {
      release();
      try {
        return await use();
      } finally {
        take();
      }
    },
    [Symbol.dispose]: () => {
      process.off("exit", restoreAtExit);
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

/** In raw mode the terminal does not do it for us. Works where there are no signals, too. */
function interrupt(): void {
  if (!process.emit("SIGINT")) process.exit(130);
}

function setRaw(input: NodeJS.ReadStream, raw: boolean): void {
  try {
    if (input.isTTY) input.setRawMode(raw);
  } catch {
    // The terminal was closed: there is nothing to restore.
  }
}
