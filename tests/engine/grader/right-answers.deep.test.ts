import { describe, expect, test } from "vitest";
import { gradeText, rightAnswer } from "./grade-text.ts";

const passes = { verdict: "pass", points: 100 };
const typed = (imports = "", inApp = "") => `
import express, { type Express } from "express";
${imports}
interface Context { redis: { incr(key: string): Promise<number> }; nameOf(id: number): Promise<string> }
export async function createApp({ redis, nameOf }: Context): Promise<Express> {
  const app = express();
  app.use(express.json());
  ${inApp}
  app.get("/", async (_req, res) => void res.json({ hello: await nameOf(1) }));
  app.post("/visits", async (req, res) => {
    res.json({ visits: await redis.incr("visits:" + (req.body as { page: string }).page) });
  });
  return app;
}`;

describe("right answers pass, whatever they are made of", () => {
  test.each<[string, Record<string, string>]>([
    ["JavaScript", { "app.js": rightAnswer() }],
    ["JavaScript with its own ending", { "app.mjs": rightAnswer() }],
    ["TypeScript", { "app.ts": typed() }],
    [
      "TypeScript with an error of types",
      { "app.ts": `${typed()}\nexport const n: number = "a";` },
    ],
    [
      "several files, in folders too",
      {
        "app.ts": typed('import { page } from "./lib/page.ts";', 'app.get("/page", page());'),
        "lib/page.ts": 'export { page } from "./deeper/page.js";',
        "lib/deeper/page.js": "export const page = () => (req, res) => res.send('page');",
      },
    ],
    [
      "a file that is found by import.meta",
      {
        "app.js": rightAnswer({
          atTop: `import { readFileSync } from "node:fs"; import path from "node:path";
const a = readFileSync(new URL("./name.txt", import.meta.url), "utf8");
const b = readFileSync(path.join(import.meta.dirname, "name.txt"), "utf8");
if (a !== "Ada" || b !== a || !import.meta.filename.endsWith("app.js")) throw new Error(a + b);`,
        }),
        "name.txt": "Ada",
      },
    ],
    [
      "a worker, and require",
      {
        "app.js": rightAnswer({
          atTop: `import { createRequire } from "node:module"; import { Worker } from "node:worker_threads";
const { incr } = createRequire(import.meta.url)("./count.cjs");`,
          inApp: `app.use((req, res, next) => {
  const worker = new Worker(new URL("./worker.js", import.meta.url));
  worker.once("message", (text) => (text === incr(1) + " Ada" ? next() : next(new Error(text))));
});`,
        }),
        "count.cjs": "exports.incr = (n) => n + 1;",
        "worker.js":
          'import { parentPort } from "node:worker_threads"; import { name } from "./name.js"; parentPort.postMessage("2 " + name);',
        "name.js": 'export const name = "Ada";',
      },
    ],
    [
      "a process of its own, in TypeScript",
      {
        "app.ts": typed(
          'import { fork } from "node:child_process"; import { once } from "node:events";',
          `const child = fork(new URL("./child.ts", import.meta.url));
  const [message] = await once(child, "message");
  if (message !== "ready") throw new Error(String(message));`,
        ),
        "child.ts":
          'const word: string = "ready"; process.send?.(word); process.on("disconnect", () => process.exit());',
      },
    ],
    [
      "a package of the workbook, and its own client",
      {
        "app.js": rightAnswer({
          atTop: `import { Redis } from "ioredis"; import { createClient, WatchError } from "redis"; import session from "express-session"; import { RedisStore } from "connect-redis";`,
          inApp: `const own = new Redis(context.redisUrl, { lazyConnect: true });
  const other = createClient({ url: context.redisUrl });
  if (typeof WatchError !== "function" || other.constructor === undefined) throw new Error("packages");
  app.use(session({ secret: context.secret, resave: false, saveUninitialized: false, store: new RedisStore({ client: context.redis }) }));
  app.use(async (req, res, next) => { await own.set("seen", "1", "EX", 60); next(); });`,
        }),
      },
    ],
    [
      "output without end",
      {
        "app.js": rightAnswer({
          atTop: `const write = () => process.stdout.write("y".repeat(65536), write); const say = () => process.stderr.write("z\\n".repeat(999), say); write(); say();`,
        }),
      },
    ],
    [
      "a child that it leaves behind",
      {
        "app.js": rightAnswer({
          atTop: `import { spawn } from "node:child_process";
spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" }).unref();`,
        }),
      },
    ],
    [
      "a Redis connection that it leaves open, and a timer",
      {
        "app.js": rightAnswer({
          atTop: 'import { createClient } from "redis"; setInterval(() => {}, 50);',
          inApp: `void createClient({ url: context.redisUrl }).on("error", () => {}).connect();`,
        }),
      },
    ],
  ])("%s", async (_, files) => {
    const { report, left, why } = await gradeText(files);
    expect(why).toEqual({});
    expect(report.failure).toBeUndefined();
    expect(report).toMatchObject(passes);
    expect(left).toEqual([]);
  });
});
