import { isatty } from "node:tty";

/** What must not outlive this process: a program, a server, a folder. */
export interface Leftover {
  /** The quick and certain way, without waiting: called when the process is ending already. */
  endNow(): void;
  /** The orderly way, where there is one: tried first when a signal asks us to end. */
  end?(): Promise<void>;
}

const ORDERLY_MS = 3000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const leftovers = new Set<Leftover>();
let guarding = false;
let ending = false;

/**
 * Has `leftover` removed when this process ends: normally, by an error, or by Ctrl-C and its like.
 * Returns the function that takes it off the list, for when it is gone already.
 */
export function atExit(leftover: Leftover): () => void {
  leftovers.add(leftover);
  guard();
  return () => void leftovers.delete(leftover);
}

function guard(): void {
  if (guarding) return;
  guarding = true;
  const hadTerminal = isatty(0);
  process.on("exit", () => {
    endAllNow();
    // Node puts the terminal back as it was, and aborts when it is not there any more. What happens
    // to others whose terminal is closed is better: they end without a word.
    if (hadTerminal && process.platform !== "win32" && !isatty(0)) die("SIGHUP");
  });
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function endAllNow(): void {
  // The newest first: a program goes before the Redis that it uses.
  for (const leftover of [...leftovers].toReversed()) {
    leftovers.delete(leftover);
    try {
      leftover.endNow();
    } catch {
      // The next one must still be ended.
    }
  }
}

function onSignal(signal: (typeof SIGNALS)[number]): void {
  if (ending) {
    // Asked twice: no more courtesy.
    endAllNow();
    process.exit(EXIT_CODES[signal]);
  }
  ending = true;
  const orderly = Promise.allSettled([...leftovers].toReversed().map((each) => each.end?.()));
  const timer = new Promise((resolve) => setTimeout(resolve, ORDERLY_MS));
  void Promise.race([orderly, timer]).then(() => die(signal));
}

function die(signal: (typeof SIGNALS)[number]): void {
  endAllNow();
  if (process.platform === "win32") process.exit(EXIT_CODES[signal]);
  // Dying of the signal itself tells a shell the truth about why we ended.
  for (const each of SIGNALS) process.removeListener(each, onSignal);
  process.kill(process.pid, signal);
}
