import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { type StartedProgram, startProgram } from "../../../engine/process/start-program.ts";
import { type StartedGate, startGate } from "../../../engine/redis/gate.ts";
import { provideRedis, type StartedRedis } from "../../../engine/redis/provide-redis.ts";
import { settle } from "../../../engine/redis/settle.ts";

const DEADLINE_MS = 20_000;

describe("settle", () => {
  let redis: StartedRedis;
  let gate: StartedGate;
  let program: StartedProgram;
  let url: string;

  beforeAll(async () => {
    redis = await provideRedis({ purpose: "grading" });
    gate = await startGate({ redis, refuse: true });
    program = startProgram({
      name: "counter",
      entry: fileURLToPath(new URL("./programs/counter.ts", import.meta.url)),
      cwd: import.meta.dirname,
      environment: { REDIS_URL: gate.url },
    });
    url = `http://127.0.0.1:${await program.listening(DEADLINE_MS)}`;
  });
  afterAll(async () => {
    await program.kill();
    await gate[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const quiet = async (held = false) =>
    await settle({ gate, programs: [program], deadlineMs: DEADLINE_MS, held });
  const count = async () => Number(await redis.command("GET", "n"));

  /** Twenty requests at once, with all replies of Redis let go in rounds. */
  const burst = async (path: string) => {
    await redis.command("SET", "n", "0");
    gate.hold();
    let open = 20;
    const all = Promise.all(
      Array.from({ length: open }, async () => {
        await (await fetch(url + path)).text();
        open -= 1;
      }),
    );
    // Each sends one command first: before they are all there, quiet means little.
    expect(await waitUntil(() => gate.held === 20, DEADLINE_MS)).toBe(true);
    while (open > 0) {
      await quiet(true);
      gate.releaseRound();
    }
    gate.letGo();
    await all;
    return await count();
  };

  it("makes a burst lose updates for certain where they can be lost, and never else", async () => {
    for (let time = 0; time < 3; time += 1) {
      expect(await burst("/lossy")).toBe(1);
      expect(await burst("/exact")).toBe(20);
    }
  });

  it("waits for commands that follow the answer", async () => {
    await redis.command("SET", "n", "0");
    await (await fetch(`${url}/later`)).text();
    expect(await quiet()).toBe(true);
    expect(await count()).toBe(1);
  });

  it("waits for work in the thread pool", async () => {
    await redis.command("SET", "n", "0");
    await (await fetch(`${url}/slow`)).text();
    expect(await quiet()).toBe(true);
    expect(await count()).toBe(1);
  });

  it("is false by the deadline when replies stay out, and true once they are only held", async () => {
    gate.hold();
    const answer = fetch(`${url}/exact`);
    const early = await settle({ gate, programs: [program], deadlineMs: 300, busy: () => 1 });
    expect(early).toBe(false);
    expect(await settle({ gate, programs: [program], deadlineMs: 300 })).toBe(false);
    expect(await quiet(true)).toBe(true);
    gate.letGo();
    await (await answer).text();
  });
});
