import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { GradeOptions } from "../../../engine/grader/grade-submission.ts";
import { startEmbeddedRedis } from "../../../engine/redis/embedded/start-embedded-redis.ts";
import { type Graded, gradeText } from "./grade-text.ts";

// What hostile-answers.deep.test.ts asks of one program, for an exercise of two: of each kind of bad
// submission a case in which one of the two is bad, and it is named.
const repository = path.resolve(import.meta.dirname, "../../..");
const slug = "session-sharing";
const solution = (name: string) =>
  readFileSync(path.join(repository, "solutions", slug, name), "utf8");
const good = { "main.ts": solution("main.ts"), "context.ts": solution("context.ts") };
const both = { ...good, "service.ts": solution("service.ts") };

/** The right service, which does this first when it is asked. */
const atFirst = (line: string, atTop = "") =>
  `${atTop}\n${both["service.ts"].replace(
    "const app = express();\n",
    `const app = express();\napp.use(async (req, res, next) => {\n${line}\n});\n`,
  )}`;

/** The program, with one more connection for each request. */
const leavesOpen = (text: string) =>
  `import { createClient } from "redis";\n${text.replace(
    "const app = express();\n",
    `const app = express();
app.use((_req, _res, next) => {
  void createClient({ url: redisUrl }).on("error", () => {}).connect();
  next();
});\n`,
  )}`.replace("createApp({ redis,", "createApp({ redis, redisUrl,");

/** All of them take a quarter of a minute: outside of .ci/run some stand for the others. */
const isWhole = process.env["WORKBOOK_WHOLE_SUITE"] === "1";
const SAMPLE = new Set([
  "there is no service",
  "the service does not parse",
  "a reply that is never sent",
  "it dies in the middle of many requests",
]);
const isLeftOut = (name: string) => !isWhole && !SAMPLE.has(name);

async function grade(files: Record<string, string>, only: number): Promise<Graded> {
  const options: Partial<GradeOptions> = {
    repository,
    slug,
    only: [only],
    deadlines: { startMs: 1000, requestMs: 500 },
  };
  const graded = await gradeText(files, options);
  expect(graded.left).toEqual([]);
  const text = JSON.stringify(graded.report);
  for (const word of ["checks.ts", "engine/", "node_modules", "at async"]) {
    expect(text).not.toContain(word);
  }
  return graded;
}

describe("one of two programs cannot be started: it is named, with its file and line", () => {
  test.for<[string, Record<string, string>]>([
    ["there is no service", good],
    ["there is no main", { ...both, "main.ts": "" }],
    ["the service exports another name", { ...good, "service.ts": "export const makeApp = 1;" }],
    ["the service exports a default", { ...good, "service.ts": "export default () => {};" }],
    ["the service does not parse", { ...good, "service.ts": "const a = 1;\nconst = 2;" }],
    [
      "the service throws when it is loaded",
      {
        ...good,
        "service.ts": "interface A {\n  a: 1;\n}\nthrow new RangeError('no' as string);",
      },
    ],
    ["createApp of main returns nothing", { ...both, "main.ts": "export function createApp() {}" }],
    [
      "createApp of the service never settles",
      { ...good, "service.ts": "export const createApp = () => new Promise(() => {});" },
    ],
    [
      "the service listens already",
      {
        ...good,
        "service.ts":
          'import express from "express";\nexport const createApp = () => express().listen(0);',
      },
    ],
    [
      "the service connects to a Redis that is not there",
      {
        ...good,
        "service.ts": `import { createClient } from "redis";
export async function createApp() {
  const socket = { reconnectStrategy: false } as const;
  await createClient({ url: "redis://127.0.0.1:1", socket }).connect();
}`,
      },
    ],
  ])("%s", async ([name, files], { skip }) => {
    skip(isLeftOut(name));
    const { report } = await grade(files, 4);
    const { message, file = "", line } = report.failure ?? {};
    expect(report.verdict).toBe("could-not-be-graded");
    expect([message, `${file}${line === undefined ? "" : `:${line}`}`]).toMatchSnapshot();
  });
});

describe("one of two programs misbehaves: the check fails, with the reason", () => {
  test.for<[string, string, number?]>([
    ["a reply that is never sent", atFirst("")],
    ["another type of contents", atFirst("res.type('html').send('<p>ida.holm</p>');")],
    ["broken JSON", atFirst("res.type('json').send('{\"name\":');")],
    ["2 MiB", atFirst("res.type('json').send(JSON.stringify({ name: 'x'.repeat(2 ** 21) }));")],
    ["a reply without an end", atFirst("setInterval(() => res.write('more'), 1);")],
    ["it is sent round in a circle", atFirst("res.redirect('/whoami');")],
    [
      "cookies that cannot be parsed",
      atFirst("res.setHeader('Set-Cookie', ['=;;;', 'a=b; Domain=..', 'n'.repeat(9000)]); next();"),
      6,
    ],
    [
      "it dies in the middle of many requests",
      atFirst(
        "n += 1; if (n === 7) setImmediate(() => { throw new Error('seventh'); }); next();",
        "let n = 0;",
      ),
      8,
    ],
    ["500 for all", atFirst("res.sendStatus(500);")],
    [
      "keys without number",
      atFirst(
        "await redis.mSet(Array.from({ length: 5000 }, (_, at) => [`seen:${at}`, req.url])); next();",
      ),
      7,
    ],
  ])("%s", async ([name, service, only = 4], { skip }) => {
    skip(isLeftOut(name));
    const { report, why } = await grade({ ...good, "service.ts": service }, only);
    expect(report.verdict).toBe("fail");
    const { expected, came, death } = report.results[0]?.failure ?? {};
    const place = death?.file === undefined ? [] : [`${death.file}:${death.line}`];
    expect([why[only], expected, came, ...place]).toMatchSnapshot();
  });

  test("the service asks another Redis", async () => {
    await using other = await startEmbeddedRedis();
    const service = both["service.ts"]
      .replace("export function createApp({ redis,", "export async function createApp({")
      .replace("): Express {", `): Promise<Express> {\nconst redis = await own();`)
      .concat(
        `import { createClient } from "redis";\nconst own = async () => await createClient({ url: "${other.url}" }).connect();`,
      );
    const { report, why } = await grade({ ...good, "service.ts": service }, 4);
    expect(report.verdict).toBe("fail");
    expect(why).toEqual({ 4: "The service knows who has signed in at main." });
    // Which is what gives it away.
    expect(report.results[0]?.failure?.commands).toEqual([]);
  });
});

test("connections that are left open by both harm nobody", async () => {
  const files = {
    ...good,
    "main.ts": leavesOpen(both["main.ts"]),
    "service.ts": leavesOpen(both["service.ts"]),
  };
  const { report } = await grade(files, 4);
  expect(report.verdict).toBe("pass");
});
