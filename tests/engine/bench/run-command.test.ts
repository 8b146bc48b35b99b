import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { startCommand, timeCommand } from "../../../engine/bench/run-command.ts";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { isLiving } from "../process/is-living.ts";

const node = (script: string) => ({
  command: process.execPath,
  args: ["-e", script],
  cwd: tmpdir(),
});

test("the time until a text is printed is less than that until the end", async () => {
  const run = await timeCommand({
    ...node('console.log("first"); setTimeout(() => console.log("last"), 200)'),
    until: /first/,
    memory: true,
  });
  expect(run.output).toBe("first\nlast\n");
  expect(run.durationMs).toBeGreaterThan(0);
  const isLinux = await readFile("/proc/self/smaps_rollup").catch(() => undefined);
  if (isLinux !== undefined) expect(run.peakMiB).toBeGreaterThan(1);
});

test("one that fails, or ends without the text, is an error with what it printed", async () => {
  await expect(timeCommand(node('console.log("why"); process.exit(3)'))).rejects.toThrow(
    /ended with exit code 3\. What was printed:\nwhy\n$/,
  );
  await expect(timeCommand({ ...node('console.log("why")'), until: /never/ })).rejects.toThrow(
    /It ended without printing \/never\/\. What was printed:\nwhy\n$/,
  );
});

test("one that runs on is ended, and what it started too", async () => {
  const child =
    'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"])';
  let pids: number[] = [];
  {
    await using running = startCommand(
      node(`console.log("child " + ${child}.pid); setInterval(() => {}, 1e6)`),
    );
    await running.see(/child \d+\n/);
    pids = [running.pid, Number(/child (\d+)/.exec(running.text())?.[1])];
    expect(pids.map(isLiving)).toEqual([true, true]);
    // What was seen before does not count.
    const length = running.text().length;
    expect(running.text().slice(length)).toBe("");
  }
  await waitUntil(() => !pids.some(isLiving), 5000);
  expect(pids.map(isLiving)).toEqual([false, false]);
});
