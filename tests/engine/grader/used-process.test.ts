import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { buildSubmission } from "../../../engine/grader/build/build-submission.ts";
import { HostPool, type WaitingHost } from "../../../engine/grader/boot/host-pool.ts";
import type { StartedBoot } from "../../../engine/grader/boot/start-boot.ts";
import { readyPackages } from "../../../engine/grader/build/ready-packages.ts";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { gradeText, rightAnswer } from "./grade-text.ts";
import { TextBoots } from "./text-boots.ts";

/** Says in which process it runs, its own count of answers, and what the clock says. */
function app({ atTop = "", onRequest = "" } = {}): string {
  return `import express from "express";
${atTop}
let answers = 0;
export function createApp({ redis, redisUrl }) {
  return express().get("/", async (req, res) => {
    ${onRequest}
    answers += 1;
    const keys = await redis.incr("answers");
    res.json({ pid: process.pid, answers, keys, year: new Date().getUTCFullYear() });
  });
}
`;
}

interface Said {
  readonly pid: number;
  readonly answers: number;
  readonly keys: number;
  readonly year: number;
}

async function ask(boot: StartedBoot): Promise<Said> {
  return (await (await fetch(boot.instance().url)).json()) as Said;
}

async function bootTwice(text: string, second = text): Promise<[Said, Said]> {
  await using boots = new TextBoots();
  const said: Said[] = [];
  for (const each of [text, second]) {
    const boot = await boots.boot(each);
    if (said.length === 0) await boot.travel(800 * 86_400_000);
    said.push(await ask(boot));
    await boot.end(true);
  }
  return said as [Said, Said];
}

test("a process boots a submission again: its variables, its Redis and its clock are new", async () => {
  const [first, second] = await bootTwice(app());
  expect(second.pid).toBe(first.pid);
  expect(second).toMatchObject({ answers: 1, keys: 1, year: new Date().getUTCFullYear() });
  expect(first.year).toBeGreaterThan(second.year);
}, 60_000);

test("what is no time is not travelled: the next boot would have it in its Redis", async () => {
  await using boots = new TextBoots();
  const boot = await boots.boot(app());
  await expect(boot.travel(Number.NaN)).rejects.toThrow("Not a time to travel: NaN");
  expect([boot.offsetMs, boot.redis.offsetMs]).toEqual([0, 0]);
  await boot.end(true);
}, 60_000);

test("it boots what was written meanwhile", async () => {
  const [first, second] = await bootTwice(app(), app({ onRequest: "answers += 10;" }));
  expect(second.pid).toBe(first.pid);
  expect(second.answers).toBe(11);
}, 60_000);

test("a restart is in another process: the old one is kept if it has booted before", async () => {
  await using boots = new TextBoots();
  const pids: number[] = [];
  for (const isKept of [false, true]) {
    const boot = await boots.boot(app());
    const before = await ask(boot);
    await boot.restart(boot.instance());
    const after = await ask(boot);
    expect(after).toMatchObject({ answers: 1, keys: 2 });
    expect(after.pid).not.toBe(before.pid);
    await boot.end(true);
    const next = await boots.boot(app());
    const { pid } = await ask(next);
    // The one that was given back last is taken first.
    expect(pid).toBe(after.pid);
    const other = await boots.boot(app());
    expect((await ask(other)).pid === before.pid).toBe(isKept);
    pids.push(before.pid, after.pid);
    await other.end(true);
    await next.end(true);
  }
  expect(pids[2], "the second one has booted in a used process").toBe(pids[1]);
}, 60_000);

test("what waits for a timer is not waited for when it is restarted", async () => {
  await using boots = new TextBoots();
  const used = await boots.boot(app());
  await used.end(true);
  const boot = await boots.boot(app({ onRequest: "setTimeout(() => redis.incr('late'), 1500);" }));
  const { program } = boot.instance();
  await fetch(boot.instance().url);
  await boot.restart(boot.instance());
  expect((await program.ended).signal).toBe("SIGKILL");
  await boot.end(true);
}, 60_000);

test("a process in which something is left boots nothing more", async () => {
  const left = {
    "a timer": { onRequest: "setTimeout(() => {}, 60_000);" },
    "a timer that goes on and on": { onRequest: "(function again() { setTimeout(again, 1); })();" },
    "a server": {
      atTop: 'import { createServer } from "node:net";',
      onRequest: 'createServer().listen(0, "127.0.0.1");',
    },
    "a client of its own": {
      atTop: 'import { createClient } from "redis";',
      onRequest: "await createClient({ url: redisUrl }).connect();",
    },
    "a duplicate of the client": { onRequest: "await redis.duplicate().connect();" },
    "a global": { onRequest: "globalThis.visits = 1;" },
    "a changed global": { atTop: "const { floor } = Math; Math.floor = (x) => floor(x);" },
    "a changed prototype": { atTop: "Array.prototype.last = function () { return this.at(-1); };" },
    "a changed package": { atTop: "express.response.ok = function () { this.json({}); };" },
    "a changed class of Node's": {
      atTop: 'import { ServerResponse } from "node:http"; ServerResponse.prototype.ok = () => {};',
    },
    "a variable of the environment": { atTop: 'process.env.MODE = "test";' },
    "a listener": { atTop: 'process.on("unhandledRejection", () => {});' },
  };
  await using boots = new TextBoots();
  const names = new Map<number, string>();
  for (const [name, parts] of [...Object.entries(left), ["nothing", {}] as const]) {
    const boot = await boots.boot(app(parts));
    const { pid } = await ask(boot);
    expect(names.get(pid), "of this was nothing found").toBeUndefined();
    names.set(pid, name);
    await boot.end(true);
  }
}, 60_000);

describe("a submission is never booted twice in one process", () => {
  const texts = {
    "with a timer that keeps no process alive": "setTimeout(() => {}, 1e6).unref();",
    "with an interval": "setInterval(() => {}, 1e6);",
    "with an alarm": "AbortSignal.timeout(1e6).addEventListener('abort', () => {});",
    "with a package of its own choice": 'import "counter";',
    "with other processes": 'import "node:child_process";',
  };
  test.each(Object.entries(texts))("%s", async (_name, text) => {
    const folder = createTemporaryFolder("test-repeatable");
    try {
      const own = path.join(folder.path, "node_modules", "counter");
      await mkdir(own, { recursive: true });
      await writeFile(path.join(own, "index.js"), "");
      const isRepeatable = async (atTop: string) => {
        await writeFile(path.join(folder.path, "app.js"), app({ atTop }));
        await using built = await buildSubmission(folder.path, ["app"]);
        return built.isRepeatable;
      };
      expect(await isRepeatable(text)).toBe(false);
      expect(await isRepeatable("")).toBe(true);
    } finally {
      await folder.remove();
    }
  });
});

test("what fails in a used process is run again in new ones: only that counts", async () => {
  // It changes a number that nobody looks at, and is lost where it finds it changed.
  const atTop =
    'import { EventEmitter } from "node:events"; EventEmitter.defaultMaxListeners += 1;';
  const isLost = "EventEmitter.defaultMaxListeners > 11";
  const atRequest = `app.use((req, res, next) => ${isLost} ? res.sendStatus(500) : next());`;
  for (const inApp of [atRequest, `if (${isLost}) throw new Error("used");`]) {
    await using hosts = new CountingPool(process.cwd(), await readyPackages());
    for (let round = 0; round < 2; round += 1) {
      const { report } = await gradeText(rightAnswer({ atTop, inApp }), { hosts });
      expect(report.results.map(({ passed }) => passed)).toEqual([true, true, true, true]);
    }
    expect(hosts.taken).toContain("used");
    expect(hosts.taken.at(-1)).toBe("new");
    // What failed last time gets a new one at once.
    hosts.taken.length = 0;
    const doubtful = new Set([1, 2, 3, 4]);
    await gradeText(rightAnswer(), { hosts, doubtful });
    expect(hosts.taken).not.toContain("used");
  }
}, 60_000);

/** Writes down which processes were taken. */
class CountingPool extends HostPool {
  readonly taken: string[] = [];

  override async take(isFresh?: boolean): Promise<WaitingHost> {
    const host = await super.take(isFresh);
    this.taken.push(host.boots > 0 ? "used" : "new");
    return host;
  }
}
