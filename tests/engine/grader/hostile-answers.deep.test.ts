import { describe, expect, test } from "vitest";
import type { GradeOptions } from "../../../engine/grader/grade-submission.ts";
import { gradeText, rightAnswer } from "./grade-text.ts";

/** By the time in which the program could run: a busy machine makes no difference. */
const deadlines = { startMs: 1000, requestMs: 500 };

/** What the learner reads instead of results. */
async function refusal(files: string | Record<string, string>): Promise<unknown> {
  const { report, left } = await gradeText(files, { deadlines });
  expect(left).toEqual([]);
  expect(report.points).toBe(0);
  const { message, file, line } = report.failure ?? {};
  const place = line === undefined ? file : `${file}:${line}`;
  return [report.verdict, message, ...(place === undefined ? [] : [place])];
}

/** Why each check failed. */
async function failures(
  files: string | Record<string, string>,
  options: Partial<GradeOptions> = { deadlines },
): Promise<unknown> {
  const { report, left, why } = await gradeText(files, options);
  expect(left).toEqual([]);
  expect(report.failure).toBeUndefined();
  expect(report.verdict).toBe(Object.keys(why).length === 0 ? "pass" : "fail");
  return why;
}

describe("submissions that cannot be graded say why, and where", () => {
  test.each<[string, string | Record<string, string>]>([
    ["no program", { "notes.txt": "later" }],
    ["nothing is exported", "const a = 1;"],
    ["a wrong name is exported", "export const makeApp = () => {}; export default makeApp;"],
    ["createApp is no function", "export const createApp = 1;"],
    ["a syntax error", "import express from 'express';\nconst = 3;\n"],
    ["a syntax error in TypeScript", { "app.ts": "export function createApp(): {\n" }],
    ["a syntax error in another file", { "app.ts": 'import "./b.ts";', "b.ts": "\n\nlet let = ;" }],
    [
      "a file that is not there",
      { "app.ts": '\nimport { a } from "./gone.ts";\nexport const b = a;' },
    ],
    [
      "an export that is not there",
      { "app.js": '\nimport { a } from "./b.js";\na();', "b.js": "export const b = 1;" },
    ],
    [
      "the old way to import connect-redis",
      'import connectRedis from "connect-redis";\nimport session from "express-session";\nconnectRedis(session);',
    ],
    ["a package that is not there", 'import fastify from "fastify";\nfastify();'],
    [
      "it throws when it is loaded",
      {
        "app.ts":
          'interface A { a: 1 }\nimport express from "express";\n\nthrow new TypeError("no good" as string);',
      },
    ],
    [
      "it throws in another file",
      {
        "app.ts": 'import { a } from "./lib/a.ts";\na();',
        "lib/a.ts": "interface A {\n  b: 1;\n}\nexport const a = () => {\n  undefined!.x;\n};",
      },
    ],
    ["createApp throws", "export function createApp() {\n  throw new Error('later');\n}"],
    ["createApp rejects with a text", "export async function createApp() { throw 'later'; }"],
    ["createApp returns nothing", "export function createApp() {}"],
    ["createApp returns a promise of nothing", "export async function createApp() {}"],
    ["createApp returns another thing", "export const createApp = () => ({ app: 1 });"],
    [
      "createApp returns a server",
      'import { createServer } from "node:http";\nexport const createApp = () => createServer();',
    ],
    [
      "a server that listens already",
      'import express from "express";\nexport function createApp() {\n  return express().listen(0);\n}',
    ],
    [
      "it listens by itself",
      'import express from "express";\nexport function createApp() {\n  const app = express();\n  app.listen(3000);\n  return app;\n}',
    ],
    ["it ends", "process.exit(0);"],
    [
      "it ends in createApp",
      "export async function createApp() { console.error('bye'); process.exit(0); }",
    ],
    [
      "a rejected promise",
      "export const createApp = () => new Promise(() => {});\nPromise.reject(new Error('nobody cares'));",
    ],
    [
      "it connects to a Redis that is not there",
      `import { createClient } from "redis";
export async function createApp() {
  const socket = { reconnectStrategy: false };
  await createClient({ url: "redis://127.0.0.1:1", socket }).connect();
}`,
    ],
    ["an endless loop", "for (;;);"],
    ["an endless loop in createApp", "export function createApp() { for (;;); }"],
    ["createApp never settles", "export const createApp = () => new Promise(() => {});"],
    [
      "an await without an end",
      "await new Promise(() => setInterval(() => {}, 1000));\nexport const createApp = 1;",
    ],
  ])("%s", async (_, files) => {
    expect(await refusal(files)).toMatchSnapshot();
  });
});

/** The right answer with a middleware before all else. */
const at = (line: string) =>
  rightAnswer({ inApp: `app.use(async (req, res, next) => {\n${line}\n});` });

describe("submissions that misbehave when they are asked fail, with the reason", () => {
  test.each<[string, string]>([
    ["an endless loop", at("for (;;);")],
    ["a reply that is never sent", at("")],
    ["a reply without an end", at("setInterval(() => res.write('more'), 1);")],
    [
      "100 MiB",
      at(
        "const { Readable } = await import('node:stream'); const mib = 'x'.repeat(2 ** 20); Readable.from((function* () { for (let n = 0; n < 100; n += 1) yield mib; })()).pipe(res);",
      ),
    ],
    [
      "a header without an end",
      at(
        "req.socket.write('HTTP/1.1 200 OK\\r\\nX: '); for (let n = 0; n < 99; n += 1) req.socket.write('x'.repeat(65536));",
      ),
    ],
    ["no HTTP", at("req.socket.end('hello');")],
    [
      "an answer cut short",
      at(
        "res.set('Content-Length', '100'); res.write('x'); setImmediate(() => req.socket.destroy());",
      ),
    ],
    ["it ends", at("process.exit(0);")],
    [
      "it throws outside of the request",
      at("setImmediate(() => { throw new RangeError('too far'); });"),
    ],
    ["a rejected promise that nobody handles", at("void Promise.reject(new Error('lost')); ")],
    [
      "it dies in the middle of a burst",
      rightAnswer({
        inApp:
          "let n = 0; app.use((req, res, next) => { n += 1; if (n === 7) setImmediate(() => { throw new Error('seventh'); }); next(); });",
      }),
    ],
    ["an error in each request", at("throw new Error('not today');")],
    ["500 for all", at("res.sendStatus(500);")],
    ["another type of contents", at("res.type('text/html').send('{\"hello\":\"Ada\"}');")],
    ["broken JSON", at("res.type('json').send('{\"hello\"');")],
    ["it is sent round in a circle", at("res.redirect('/');")],
    [
      "cookies that cannot be parsed",
      at(
        "res.setHeader('Set-Cookie', ['=;;;', '\\u00ff\\u00fe', 'a=b; Expires=never; Domain=..; Path=x', 'n'.repeat(9000)]); next();",
      ),
    ],
    ["it closes the client", rightAnswer({ inApp: "context.redis.destroy();" })],
    ["FLUSHALL at each request", at("await context.redis.flushAll(); next();")],
    [
      "SHUTDOWN",
      at(
        "await context.redis.sendCommand(['SHUTDOWN', 'NOSAVE']).catch((error) => console.error(error.message)); next();",
      ),
    ],
    [
      "CONFIG SET",
      at(
        "await context.redis.configSet('maxmemory', '1').catch((error) => console.error(error.message)); next();",
      ),
    ],
    [
      "a script without an end",
      at("await context.redis.eval('while true do end', { keys: [], arguments: [] });"),
    ],
    [
      "it takes send and exit away",
      rightAnswer({
        atTop: "process.send = undefined; process.exit = () => {}; process.on = () => {};",
      }),
    ],
    [
      "it sends nonsense to the grader",
      rightAnswer({
        atTop: `import { writeSync } from "node:fs";
const nonsense = [null, 1, "x", [], {}, { did: "boot" }, { did: "boot", port: "80" }, { did: "boot", port: 1e9 }, { did: "door" }, { did: "door", id: {}, door: "__proto__", args: 7 }, { did: "load", error: 1 }, { did: "turn", id: -1, work: "x" }, { did: "listen", port: null }];
for (const one of nonsense) { process.send(one); try { writeSync(5, JSON.stringify(one) + "\\n"); } catch {} }
try { writeSync(5, "\\u0000{{{\\n"); } catch {}`,
      }),
    ],
    [
      "it forges a crash",
      rightAnswer({
        atTop: `import { writeSync } from "node:fs"; writeSync(5, JSON.stringify({ did: "crash", message: { a: 1 }, stack: 7 }) + "\\n");`,
      }),
    ],
  ])("%s", async (_, files) => {
    expect(await failures(files)).toMatchSnapshot();
  });

  // It waits for Redis, and not for the program: that takes as long as the machine is busy.
  test("keys without number", async () => {
    const files = at(
      "const word = String(Math.random()); await context.redis.mSet(Array.from({ length: 2000 }, (_, n) => [word + n, word])); next();",
    );
    expect(await failures(files, {})).toEqual({});
  });
});
