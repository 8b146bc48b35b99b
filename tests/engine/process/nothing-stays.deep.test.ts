import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { isLiving } from "./is-living.ts";

const DEADLINE_MS = 25_000;
const parent = fileURLToPath(new URL("./programs/parent.ts", import.meta.url));

/** Runs the parent until it is ready; answers what must be gone afterwards. */
async function startParent(mode: string) {
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), parent, mode], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += String(chunk)));
  child.stderr.on("data", (chunk) => (text += String(chunk)));
  const ended = new Promise<[number | null, string | null]>((resolve) => {
    child.on("exit", (code, signal) => resolve([code, signal]));
  });
  const ready = () => text.includes("ready") && (text.match(/^pids /gm)?.length ?? 0) === 2;
  if (!(await waitUntil(ready, DEADLINE_MS))) {
    child.kill("SIGKILL");
    throw new Error(`The parent did not become ready: ${text}`);
  }
  const pids = [...text.matchAll(/^pids (.*)$/gm)].flatMap(([, list = ""]) =>
    list.trim().split(" ").map(Number),
  );
  return { child, ended, pids, folder: /^folder (.*)$/m.exec(text)?.[1] ?? "" };
}

it.skipIf(process.platform === "win32").each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "nothing stays when the parent dies by %s while its program loops",
  { timeout: 60_000 },
  async (signal) => {
    const { child, ended, pids, folder } = await startParent("wait");
    expect(pids.length).toBeGreaterThanOrEqual(5);
    expect(pids.filter((pid) => !isLiving(pid))).toEqual([]);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(await waitUntil(() => !pids.some(isLiving), DEADLINE_MS)).toBe(true);
    // A folder cannot be removed by one who is dead.
    expect(existsSync(folder)).toBe(signal === "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  },
);

it.each([
  ["exit", 0],
  ["throw", 1],
] as const)("nothing stays when the parent ends by %s", { timeout: 60_000 }, async (mode, code) => {
  const { child, ended, pids, folder } = await startParent(mode);
  child.stdin.write("go\n");
  expect((await ended)[0]).toBe(code);
  expect(await waitUntil(() => !pids.some(isLiving), DEADLINE_MS)).toBe(true);
  expect(existsSync(folder)).toBe(false);
});
