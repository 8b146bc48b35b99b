import { atExit } from "../../process/at-exit.ts";
import { interrupt } from "../../process/interrupt.ts";

export interface KeyReader extends Disposable {
  /** False without a terminal: no key will ever come. */
  readonly isListening: boolean;
}

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_Z = "\u001A";
const ESCAPE = "\u001B";

/**
 * Single keys of the terminal, lower case, without Enter. The terminal is put back as it was
 * when this is disposed of, and however the process ends. Ctrl-C ends the run as anywhere; Ctrl-Z
 * suspends it, and `onResume` is called when it goes on.
 */
export function readKeys(options: {
  readonly onKey: (key: string) => void;
  readonly onResume?: () => void;
  /** The terminal was closed, or Ctrl-D: no key will come any more. */
  readonly onEnd?: () => void;
  readonly input?: NodeJS.ReadStream;
}): KeyReader {
  const input = options.input ?? process.stdin;
  if (!input.isTTY || typeof input.setRawMode !== "function") {
    return { isListening: false, [Symbol.dispose]: () => {} };
  }
  const setRaw = (raw: boolean) => {
    try {
      input.setRawMode(raw);
    } catch {
      // The terminal is gone; so is its mode.
    }
  };
  const onData = (chunk: Buffer | string) => {
    const text = chunk.toString();
    // Arrows and their like come as one chunk that begins with Escape: none of ours.
    if (text.startsWith(ESCAPE) && text.length > 1) return;
    for (const key of text) {
      if (key === CTRL_C) interrupt();
      else if (key === CTRL_Z) suspend();
      else if (key === CTRL_D) options.onEnd?.();
      else if (key === ESCAPE) options.onKey("escape");
      else options.onKey(key === "\r" || key === "\n" ? "enter" : key.toLowerCase());
    }
  };
  const suspend = () => {
    if (process.platform === "win32") return;
    setRaw(false);
    // Everybody in the foreground: npm and the shell that it started wait for us otherwise.
    process.kill(0, "SIGTSTP");
  };
  const onContinue = () => {
    setRaw(true);
    options.onResume?.();
  };
  const onEnd = () => options.onEnd?.();
  const onError = () => options.onEnd?.();

  setRaw(true);
  input.resume();
  input.on("data", onData);
  input.on("end", onEnd);
  input.on("error", onError);
  if (process.platform !== "win32") process.on("SIGCONT", onContinue);
  const forget = atExit({ endNow: () => setRaw(false) });
  return {
    isListening: true,
    [Symbol.dispose]() {
      input.off("data", onData);
      input.off("end", onEnd);
      input.off("error", onError);
      process.off("SIGCONT", onContinue);
      setRaw(false);
      input.pause();
      forget();
    },
  };
}
