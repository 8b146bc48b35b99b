import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { renderScreen, type Resize } from "./render-screen.ts";
import { chosenRedis } from "./run-workbook.ts";

const HARNESS = fileURLToPath(new URL("./run-in-terminal.py", import.meta.url));
const DEADLINE_MS = 60_000;

/** Whether tests in a pseudo-terminal can run: they need python3, and a system that has such terminals. */
export function hasPty(): boolean {
  try {
    execFileSync("python3", ["-c", "import pty, fcntl, termios"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("Tests in a pseudo-terminal are skipped: there is no python3 with pty here.");
    return false;
  }
}

/** A command that believes that it talks to a person. */
export interface Pty extends AsyncDisposable {
  /** All that was printed since the last clear(), without the codes for colours and the cursor. */
  text(): string;
  /** The same with them. */
  raw(): string;
  /** What stands on the screen now, without colours, and without empty lines at its end. */
  screen(): string;
  /** What stands on it and what was scrolled off. */
  scrollback(): string;
  /** Presses keys. */
  type(keys: string): void;
  /** Forgets what was printed so far: `see` and `text` tell only of what comes from now on. */
  clear(): void;
  /** Waits until it is printed; fails with the screen as it is instead. */
  see(what: RegExp | string): Promise<void>;
  resize(columns: number, rows: number): void;
  /** The window is closed. */
  close(): void;
  /** Resolves when the command has ended. `isRaw`: the terminal was not put back. */
  readonly ended: Promise<{ code: number; isRaw: boolean }>;
}

/** Starts `node engine/start.mjs …` of a workbook in a pseudo-terminal; or `options.command`. */
export function openPty(
  root: string,
  args: readonly string[],
  options: {
    readonly columns?: number;
    readonly rows?: number;
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly command?: readonly string[];
  } = {},
): Pty {
  const { columns = 80, rows = 24 } = options;
  const command = options.command ?? [process.execPath, "engine/start.mjs", ...args];
  const child: ChildProcess = spawn(
    "python3",
    [HARNESS, String(columns), String(rows), ...command],
    {
      cwd: root,
      env: {
        ...process.env,
        NO_COLOR: undefined,
        FORCE_COLOR: undefined,
        LC_ALL: undefined,
        LC_CTYPE: undefined,
        REDIS_URL: undefined,
        TERM: "xterm",
        LANG: "C.UTF-8",
        // Python would set LC_CTYPE itself.
        PYTHONCOERCECLOCALE: "0",
        INIT_CWD: root,
        WORKBOOK_REDIS: chosenRedis(),
        ...options.environment,
      },
      stdio: ["pipe", "pipe", "inherit", "pipe", "pipe"],
    },
  );
  let output = "";
  let from = 0;
  let said = "";
  const sizes: [Resize, ...Resize[]] = [{ at: 0, columns, rows }];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const orders = child.stdio.at(3) as Writable;
  (child.stdio.at(4) as Readable).setEncoding("utf8").on("data", (text: string) => (said += text));
  for (const stream of [child.stdin, orders]) stream?.on("error", () => {});
  let isOver = false;
  const ended = new Promise<{ code: number; isRaw: boolean }>((resolve) => {
    child.once("close", () => {
      isOver = true;
      // Nothing, when the harness itself was killed.
      const last = JSON.parse(said.trim() || "{}") as Record<string, unknown>;
      resolve({ code: Number(last["exit"]), isRaw: last["raw"] === true });
    });
  });
  const raw = () => output.slice(from);
  const text = () => stripVTControlCharacters(raw()).replaceAll("\r", "");
  const render = () => renderScreen(output, sizes);
  const screen = () => render().lines.join("\n").trimEnd();
  return {
    text,
    raw,
    screen,
    scrollback: () => {
      const { lines, scrolled } = render();
      return [...scrolled, ...lines].join("\n").trimEnd();
    },
    type: (keys) => void child.stdin?.write(keys),
    clear: () => {
      from = output.length;
    },
    async see(what) {
      const isThere = () => (typeof what === "string" ? text().includes(what) : what.test(text()));
      if (await waitUntil(() => isThere() || isOver, DEADLINE_MS)) if (isThere()) return;
      throw new Error(`${String(what)} was not printed. The screen is:\n${screen()}`);
    },
    resize: (newColumns, newRows) => {
      sizes.push({ at: output.length, columns: newColumns, rows: newRows });
      orders.write(`${JSON.stringify({ resize: [newColumns, newRows] })}\n`);
    },
    close: () => void orders.write(`${JSON.stringify({ close: true })}\n`),
    ended,
    async [Symbol.asyncDispose]() {
      if (!isOver) child.stdin?.write("\u0003");
      const hasEnded = await waitUntil(() => isOver, 10_000);
      // Its terminal goes with it, and the command with that.
      if (!hasEnded) child.kill("SIGKILL");
    },
  };
}
