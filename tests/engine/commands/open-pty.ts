import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Readable, Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { waitUntil } from "../../../engine/process/deadline.ts";

const HARNESS = fileURLToPath(new URL("./run-in-terminal.py", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

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
  /** All that was printed, without the codes for colours and the cursor. */
  text(): string;
  /** Presses keys. */
  type(keys: string): void;
  /** Forgets what was printed so far. */
  clear(): void;
  /** Waits until it is printed; fails with what was printed instead. */
  see(what: RegExp | string, deadlineMs?: number): Promise<void>;
  resize(columns: number, rows: number): void;
  /** The window is closed. */
  close(): void;
  /** Resolves when the command has ended. `isRaw`: the terminal was not put back. */
  readonly ended: Promise<{ code: number; isRaw: boolean }>;
  /** Of the command's leader. */
  readonly wasStopped: boolean;
}

/** Starts `node engine/start.mjs …` in a pseudo-terminal. */
export function openPty(
  args: readonly string[],
  options: {
    readonly columns?: number;
    readonly environment?: Readonly<Record<string, string>>;
    readonly root?: string;
  } = {},
): Pty {
  const root = options.root ?? ROOT;
  const child: ChildProcess = spawn(
    "python3",
    [HARNESS, String(options.columns ?? 80), "40", process.execPath, "engine/start.mjs", ...args],
    {
      cwd: root,
      env: { ...process.env, TERM: "xterm", LANG: "C.UTF-8", ...options.environment },
      stdio: ["pipe", "pipe", "inherit", "pipe", "pipe"],
    },
  );
  let output = "";
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const orders = child.stdio.at(3) as Writable;
  (child.stdio.at(4) as Readable).setEncoding("utf8").on("data", (text: string) => (said += text));
  for (const stream of [child.stdin, orders]) stream?.on("error", () => {});
  const ended = new Promise<{ code: number; isRaw: boolean }>((resolve) => {
    child.once("close", () => {
      const last = JSON.parse(said.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
      resolve({ code: Number(last["exit"]), isRaw: last["raw"] === true });
    });
  });
  const text = () => stripVTControlCharacters(output).replaceAll("\r", "");
  return {
    text,
    type: (keys) => void child.stdin?.write(keys),
    clear: () => {
      output = "";
    },
    async see(what, deadlineMs = 20_000) {
      const isThere = () => (typeof what === "string" ? text().includes(what) : what.test(text()));
      if (await waitUntil(isThere, deadlineMs)) return;
      throw new Error(`${String(what)} was not printed. What was:\n${text()}`);
    },
    resize: (columns, rows) =>
      void orders.write(`${JSON.stringify({ resize: [columns, rows] })}\n`),
    close: () => void orders.write(`${JSON.stringify({ close: true })}\n`),
    ended,
    get wasStopped() {
      return said.includes("stopped");
    },
    async [Symbol.asyncDispose]() {
      child.stdin?.write("\u0003");
      const isOver = await Promise.race([
        ended.then(() => true),
        waitUntil(() => child.exitCode !== null, 5000),
      ]);
      if (!isOver) child.kill("SIGKILL");
    },
  };
}
