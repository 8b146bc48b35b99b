import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { DeadlineError, waitUntil } from "../../../engine/process/deadline.ts";
import {
  type ProgramFailure,
  type ProgramOptions,
  type StartedProgram,
  startProgram,
} from "../../../engine/process/start-program.ts";
import { isLiving } from "./is-living.ts";

const DEADLINE_MS = 20_000;
const folder = fileURLToPath(new URL("./programs", import.meta.url));

function start(name: string, options: Partial<ProgramOptions> = {}): StartedProgram {
  const program = startProgram({
    name,
    entry: `${folder}/${name}.ts`,
    cwd: folder,
    environment: {},
    ...options,
  });
  onTestFinished(async () => await program.kill());
  return program;
}

const failureOf = async (promise: Promise<unknown>) =>
  await promise.then(
    () => undefined,
    (error: unknown) => error as ProgramFailure,
  );

describe("a started program", () => {
  it("tells the port that the system chose for it", async () => {
    const program = start("busy");
    const port = await program.listening(DEADLINE_MS);
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe("ok");
    expect(await program.turn(DEADLINE_MS)).toBe(true);
  });

  it("is killed while it loops, and says so with no turn", async () => {
    const program = start("busy");
    const port = await program.listening(DEADLINE_MS);
    await (await fetch(`http://127.0.0.1:${port}/loop`)).text();
    expect(await program.turn(200)).toBe(false);
    await expect(program.setOffset(1000, 200)).rejects.toThrow(DeadlineError);
    await program.kill();
    await program.kill();
    expect(isLiving(program.pid)).toBe(false);
    expect((await program.ended).signal).toBe(process.platform === "win32" ? null : "SIGKILL");
    expect(await program.turn(200)).toBe(false);
  });

  it("takes its descendants with it, wherever they went", async () => {
    const lines: string[] = [];
    const program = start("family", { onLine: (line) => lines.push(line) });
    expect(await waitUntil(() => lines.length === 1, DEADLINE_MS)).toBe(true);
    const pids = (lines[0] ?? "").split(" ").slice(1).map(Number);
    expect(pids.map(isLiving)).toEqual([true, true, true]);
    await program.kill();
    expect(pids.map(isLiving)).toEqual([false, false, false]);
  });

  it("takes them with it also when it ends by itself", async () => {
    const lines: string[] = [];
    const program = start("family", {
      onLine: (line) => lines.push(line),
      environment: { LEAVE: "yes" },
    });
    expect((await program.ended).code).toBe(0);
    const pids = (lines[0] ?? "").split(" ").slice(1).map(Number);
    expect(pids).toHaveLength(3);
    expect(await waitUntil(() => !pids.some(isLiving), DEADLINE_MS)).toBe(true);
  });

  it("has a clock that moves, in its workers too", async () => {
    const hour = 3_600_000;
    const program = start("clock-server", { offsetMs: hour });
    const port = await program.listening(DEADLINE_MS);
    const ask = async () =>
      (await (await fetch(`http://127.0.0.1:${port}`)).json()) as Record<string, number> & {
        later: [boolean, boolean, boolean, number];
        year: string;
        shape: unknown[];
      };
    for (const offset of [hour, 400 * 24 * hour, 0]) {
      if (offset !== hour) await program.setOffset(offset, DEADLINE_MS);
      const before = Date.now() + offset;
      const said = await ask();
      const after = Date.now() + offset;
      for (const moment of [
        said["now"],
        said["inWorker"],
        said["date"],
        said["cloned"],
        said.later[3],
      ]) {
        expect(moment).toBeGreaterThanOrEqual(before);
        expect(moment).toBeLessThanOrEqual(after);
      }
      expect(Math.abs((said["text"] ?? 0) - before)).toBeLessThan(DEADLINE_MS);
      expect(Math.abs((said["performance"] ?? 0) - Date.now())).toBeLessThan(DEADLINE_MS);
      expect(said.later.slice(0, 3)).toEqual([true, true, true]);
      expect(said.year).toBe(String(new Date(after).getUTCFullYear()));
      expect(said).toMatchObject({
        constructed: true,
        fixed: 2020,
        shape: ["Date", 7, 946_684_800_000],
      });
    }
  });

  it("has a clock that stands still on demand, and then goes on", async () => {
    const program = start("clock-server", {});
    const port = await program.listening(DEADLINE_MS);
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`);
      return (await response.json()) as { date: number; inWorker: number };
    };
    const moment = Date.UTC(2026, 10, 25, 12);
    await program.freeze(moment, DEADLINE_MS);
    expect(await ask()).toMatchObject({ date: moment, inWorker: moment });
    expect(await ask()).toMatchObject({ date: moment, inWorker: moment });
    await program.freeze(undefined, DEADLINE_MS);
    expect((await ask()).date).not.toBe(moment);
  });

  it("that finds its port taken fails by naming the port", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    for (const name of ["listen-on", "listen-quietly"]) {
      const program = start(name, { environment: { PORT: String(port) } });
      const failure = await failureOf(program.listening(DEADLINE_MS));
      expect(failure).toMatchObject({
        reason: "port-taken",
        port,
        program: name,
        message: `${name}: port ${port} is taken by another program.`,
      });
    }
  });

  it("that ends at its start fails with its own words", async () => {
    const program = start("throw-at-start");
    const failure = await failureOf(program.listening(DEADLINE_MS));
    expect(failure).toMatchObject({ reason: "ended", end: { code: 1 } });
    expect(failure?.message).toBe("throw-at-start ended (exit code 1) before it was listening.");
    expect(failure?.stderr).toMatch(/throw-at-start\.ts:1[\s\S]*TypeError: no luck today/);
    expect(program.crash()).toMatchObject({ name: "TypeError", message: "no luck today" });
  });

  it("without a server ends by itself: nothing of ours keeps it", async () => {
    const program = start("just-end");
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(program.output()).toEqual({ stdout: "nothing to do\n", stderr: "", truncated: false });
    expect((await failureOf(program.listening(DEADLINE_MS)))?.reason).toBe("ended");
  });

  it("that does not listen in time fails by the deadline", async () => {
    const failure = await failureOf(start("family").listening(300));
    expect(failure).toMatchObject({
      reason: "deadline",
      message: "family was not listening within 300 ms.",
    });
  });

  it.each(["yes", "no"])(
    "prints without end (lines: %s) and is kept within bounds",
    async (LINES) => {
      let longest = 0;
      let lines = 0;
      const program = start("endless-output", {
        environment: { LINES },
        outputLimitBytes: 10_000,
        onLine: (line) => {
          lines += 1;
          longest = Math.max(longest, line.length);
        },
      });
      expect(await waitUntil(() => program.output().truncated && lines > 1, DEADLINE_MS)).toBe(
        true,
      );
      expect(program.output().stdout.length).toBe(10_000);
      expect(longest).toBeLessThan(8200);
      await program.kill();
    },
  );

  it("has process.send for itself, and only the environment that it was given", async () => {
    const messages: unknown[] = [];
    const program = start("talk", {
      environment: { OWN: "1" },
      onMessage: (message) => {
        messages.push(message);
        if (message === "ready") program.send({ hello: 1 });
      },
    });
    expect((await program.ended).code).toBe(0);
    expect(messages[1]).toMatchObject({ echo: { hello: 1 } });
    const { environment } = messages[1] as { environment: string[] };
    expect(environment).toContain("OWN");
    expect(environment).not.toContain("HOME");
    expect(environment.filter((name) => /^(npm_|VITEST|WORKBOOK_HOST|REDIS)/.test(name))).toEqual(
      [],
    );
  });
});
