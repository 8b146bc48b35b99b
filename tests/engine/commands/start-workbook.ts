import { spawn } from "node:child_process";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { chosenRedis, type Ran } from "./run-workbook.ts";

/** A command of a workbook that runs, without a terminal. */
export interface RunningWorkbook extends AsyncDisposable {
  /** What it has printed so far, on both streams. */
  text(): string;
  /** Waits until it is printed; fails with what was printed instead. */
  see(what: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended. A signal counts as 128 and its number, as in a shell. */
  readonly ended: Promise<Ran>;
}

const DEADLINE_MS = 60_000;
const SIGNALS: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Starts `node engine/start.mjs …` and answers at once. */
export function startWorkbook(
  root: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): RunningWorkbook {
  const child = spawn(process.execPath, ["engine/start.mjs", ...args], {
    cwd: root,
    env: {
      ...process.env,
      NO_COLOR: "1",
      INIT_CWD: root,
      REDIS_URL: undefined,
      WORKBOOK_REDIS: chosenRedis(),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "", all: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
      said.all += text;
    });
  }
  let isOver = false;
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      isOver = true;
      const { stdout, stderr } = said;
      resolve({ code: code ?? SIGNALS[signal ?? ""] ?? -1, stdout, stderr });
    });
  });
  const isThere = (what: string | RegExp) =>
    typeof what === "string" ? said.all.includes(what) : what.test(said.all);
  return {
    text: () => said.all,
    async see(what) {
      await waitUntil(() => isThere(what) || isOver, DEADLINE_MS);
      if (!isThere(what))
        throw new Error(`${String(what)} was not printed. What was:\n${said.all}`);
    },
    kill: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      if (!isOver) child.kill("SIGTERM");
      await ended;
    },
  };
}
