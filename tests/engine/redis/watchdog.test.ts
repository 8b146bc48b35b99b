import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { startServerGuard } from "../../../engine/redis/guard-server.ts";
import { isLiving } from "../process/is-living.ts";

const watchdog = fileURLToPath(new URL("../../../engine/redis/watchdog.cjs", import.meta.url));

function startSleeper(): number {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child.pid ?? 0;
}

it.each([
  ["without a farewell", (pid: number) => `${pid}\n`, false],
  ["after a farewell", (pid: number) => `${pid}\nbye\n`, true],
] as const)(
  "the watchdog ends the server when its input ends %s, or not",
  async (_when, words, lives) => {
    const pid = startSleeper();
    const child = spawn(process.execPath, [watchdog], { stdio: ["pipe", "ignore", "inherit"] });
    child.stdin.end(words(pid));
    const code = await new Promise((resolve) => {
      child.on("exit", resolve);
    });
    expect(code).toBe(0);
    if (lives) expect(isLiving(pid)).toBe(true);
    else expect(await waitUntil(() => !isLiving(pid), 10_000)).toBe(true);
  },
);

it("a guard that was dismissed ends nobody", async () => {
  const pid = startSleeper();
  const guard = startServerGuard();
  guard.watch(pid);
  guard.dismiss();
  guard.dismiss();
  expect(await waitUntil(() => !isLiving(guard.pid), 10_000)).toBe(true);
  expect(isLiving(pid)).toBe(true);
});
