import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../../engine/process/deadline.ts";
import type { WorkbookCopy } from "../commands/copy-workbook.ts";
import { openRoom } from "../commands/open-room.ts";
import { type Ran, runWorkbook } from "../commands/run-workbook.ts";
import { startWorkbook } from "../commands/start-workbook.ts";
import { copyTiny } from "./copy-tiny.ts";
import { rightAnswer } from "./grade-text.ts";

/** Each starts several processes, on machines that may be busy. */
const timeout = 120_000;
const forgetful = rightAnswer().replace("context.redis.incr(", "(async () => 1)(");

let copy: WorkbookCopy;
beforeAll(() => {
  copy = copyTiny(rightAnswer());
  const typed = `import { createApp as make } from "./right.js";
export const port: number = "3000";
export const createApp = (context: unknown) => make(context);`;
  const files: Record<string, string> = {
    "solutions/tiny/forgetful/app.js": forgetful,
    "solutions/tiny/typed/app.ts": typed,
    "solutions/tiny/typed/right.js": rightAnswer(),
    "solutions/tiny/typed/right.d.ts": "export function createApp(context: unknown): unknown;",
    "solutions/tiny/silent/app.js": rightAnswer({ inApp: "app.use(() => {});" }),
    "solutions/tiny/painter/app.js": rightAnswer({
      inApp:
        'app.use((req, res) => res.status(500).json({ "\\u001b[2J\\u001b[H✓ tiny passes": "\\u001b[32m\\u202e" }));',
    }),
    "solutions/tiny/spy/app.js": rightAnswer({
      inApp:
        'app.get("/", (req, res) => res.json({ ...process.env, argv: process.argv, execArgv: process.execArgv }));',
    }),
    "solutions/tiny/empty/notes.txt": "later",
    "solutions/other/app.js": rightAnswer(),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(copy.at(name)), { recursive: true });
    writeFileSync(copy.at(name), text);
  }
});
afterAll(async () => await copy[Symbol.asyncDispose]());

/** Runs `npm test …`, and proves that nothing of it stays. */
async function run(
  words: string,
  environment: Readonly<Record<string, string | undefined>> = {},
  root = copy.root,
): Promise<Ran> {
  await using room = openRoom();
  const ran = await runWorkbook(root, ["test", ...words.split(" ").filter(Boolean)], {
    WORKBOOK_REDIS: "embedded",
    ...environment,
    ...room.environment,
  });
  expect(await room.leftovers()).toEqual([]);
  const stdout = ran.stdout
    .replace(/, on port \d+/, ", on port …")
    // The line is broken by the length of the port.
    .replace("asks\nfor it", "asks for it")
    .replace(/seed \d+ · [\d.]+ s/, "seed … · … s");
  return { ...ran, stdout };
}

const refused = (...lines: string[]): Ran => ({
  code: 2,
  stdout: "",
  stderr: `${lines.join("\n")}\n`,
});
const foot =
  "Redis: the embedded one, as version 7.0.15, on port … (WORKBOOK_REDIS asks for it)\nseed … · … s";
const passes = (count: number, points: number) => ({
  code: 0,
  stderr: "",
  stdout: [
    `✓ tiny passes: ${count} of ${count} behaviours hold, ${points} of ${points} points.`,
    "Next: compare it with the solution: npm run diff tiny",
    foot,
    "",
  ].join("\n"),
});

describe.concurrent(
  "what cannot be graded is told, with the next command to type",
  { timeout },
  () => {
    test.each<[string, ...string[]]>([
      [
        "tinny",
        'There is no exercise "tinny". Did you mean tiny?',
        "The exercises are: tiny.",
        "Next: npm test tiny",
      ],
      ["1", '"1" is a lesson, not an exercise.', "Next: npm run lesson 1"],
      [
        "exercises/gone",
        'There is no exercise "exercises/gone".',
        "The exercises are: tiny.",
        "Next: npm test tiny",
      ],
      [
        "..",
        ".. lies outside of this workbook: what is graded is a folder in it.",
        "Next: npm test exercises/tiny",
      ],
      [
        "../../tiny",
        'There is no exercise "../../tiny". Did you mean tiny?',
        "The exercises are: tiny.",
        "Next: npm test tiny",
      ],
      [
        "exercises/tiny/app.js",
        "exercises/tiny/app.js is a file: what is graded is its folder.",
        "Next: npm test exercises/tiny",
      ],
      [
        "solutions/other",
        "solutions/other belongs to no exercise: the path has to name one of tiny.",
        "Next: npm test exercises/tiny",
      ],
      [
        "tiny only 99",
        "tiny has no behaviour 99: they go from 1 to 4.",
        "Next: npm test tiny only 1",
      ],
      [
        "tiny only",
        '"only" needs the number of a behaviour after it.',
        "Next: npm test tiny only 7",
      ],
      [
        "tiny seed",
        '"seed" needs the number that a report has printed.',
        "Next: npm test tiny seed 1608269093",
      ],
      [
        "tiny seed 4294967296",
        '"4294967296" is not the seed of a report: it is a number below 2147483648.',
        "Next: npm test tiny seed 1608269093",
      ],
      ["tiny only x", '"x" is not the number of a behaviour.', "Next: npm test tiny only 7"],
      [
        "tiny often",
        '"often" is not understood: after the exercise the words are all, json, only with numbers, and seed with that of a report.',
        "Next: npm test tiny only 7",
      ],
      [
        "only 3",
        'Which exercise? "only" stands alone.',
        "Next: npm test exercises/rate-limit only 3",
      ],
      [
        "exercises only 3",
        '"only" needs one exercise: each has numbers of its own.',
        "Next: npm test exercises/tiny only 3",
      ],
    ])("%s", async (words, ...lines) => {
      expect(await run(words)).toEqual(refused(...lines));
    });

    test("a folder without a program", async () => {
      expect(await run("solutions/tiny/empty")).toEqual({
        code: 2,
        stderr: "",
        stdout: [
          "✗ tiny could not be graded: it does not start.",
          "",
          "  There is no app.ts in the folder; app.js or app.mjs would do as well.",
          "",
          "Next: mend that, then npm test solutions/tiny/empty",
          "seed … · … s",
          "",
        ].join("\n"),
      });
    });
  },
);

describe.concurrent("what is graded", { timeout }, () => {
  test.each(["tiny", "exercises/tiny", "./exercises/tiny/", String.raw`exercises\tiny`])(
    "%s is the learner's own",
    async (words) => {
      expect(await run(words)).toEqual(passes(4, 100));
    },
  );

  test.each([
    ["tiny only 2", {}, "2 holds"],
    ["tiny only 1 2 all", {}, "1 and 2 hold"],
    ["tiny only 1,3", {}, "1 and 3 hold"],
    ["tiny", { npm_config_only: "3" }, "3 holds"],
    ["tiny", { npm_config_only: "1,2", npm_config_all: "true" }, "1 and 2 hold"],
  ])("%s %j says nothing of the others", async (words, environment, what) => {
    const { code, stderr, stdout } = await run(words, environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(`✓ tiny: ${what}.\nNext: grade all of it: npm test tiny\n`);
  });

  test.each([
    ["tiny json", {}],
    ["tiny", { npm_config_json: "true" }],
  ])("%s %j is a report for programs", async (words, environment) => {
    const { code, stdout, stderr } = await run(words, environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, slug: "tiny", verdict: "pass" });
  });

  test("all exercises: a line each, and the points of all", async () => {
    await using own = copyTiny(forgetful);
    expect(await run("exercises", {}, own.root)).toEqual({
      code: 1,
      stderr: "",
      stdout: [
        "✗ tiny  1 of 4     20 points  first: 2. It counts visits",
        "",
        "0 of 1 exercises pass: 20 of 100 points.",
        "Next: npm test tiny",
        "",
      ].join("\n"),
    });
    expect((await run("exercises")).stdout).toBe(
      "✓ tiny  4 of 4    100 points\n\n1 of 1 exercises pass: 100 of 100 points.\n",
    );
  });

  test("a wrong answer: the first failure in full, the others in a line each", async ({
    expect: own,
  }) => {
    own((await run("solutions/tiny/forgetful")).stdout).toMatchSnapshot();
  });

  test("an error of types is said in a line, and decides nothing", async () => {
    const first = await run("solutions/tiny/typed");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toContain("✓ tiny passes: 4 of 4 behaviours hold");
    expect(first.stdout.replaceAll("\n", " ").match(/Types, .*?number'\./)?.[0]).toBe(
      "Types, which decide nothing here: solutions/tiny/typed/app.ts:2 Type 'string' is not assignable to type 'number'.",
    );
  });

  test("texts of a submission do not reach the terminal as commands", async () => {
    const { code, stdout } = await run("solutions/tiny/painter all", { FORCE_COLOR: "0" });
    expect(code).toBe(1);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
    expect(stdout).not.toMatch(/^✓/m);
  });

  test("a submission learns nothing of who grades it", async () => {
    const { stdout } = await run("solutions/tiny/spy json", {
      TOKEN: "of the learner",
      HOME: "/home/me",
    });
    const report = JSON.parse(stdout) as {
      results: { failure?: { sent: { answer: string }[] } }[];
    };
    const answer = report.results[0]?.failure?.sent[0]?.answer ?? "";
    expect(answer).toContain("PATH");
    for (const secret of [
      "of the learner",
      "/home/me",
      "TOKEN",
      "HOME",
      "npm_",
      "WORKBOOK_REDIS",
    ]) {
      expect(answer).not.toContain(secret);
    }
  });
});

test("two gradings of one exercise at once do not disturb each other", { timeout }, async () => {
  const [one, two] = await Promise.all([run("tiny"), run("tiny")]);
  expect([one, two]).toEqual([passes(4, 100), passes(4, 100)]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s in the middle leaves nothing",
  { timeout },
  async (signal) => {
    await using room = openRoom();
    const words = ["test", "solutions/tiny/silent"];
    const environment = { WORKBOOK_REDIS: "embedded", ...room.environment };
    await using running = startWorkbook(copy.root, words, environment);
    expect(await waitUntil(() => room.processes().length >= 2, 60_000)).toBe(true);
    running.kill(signal);
    const { code, stdout } = await running.ended;
    expect({ code, stdout }).toEqual({ code: signal === "SIGINT" ? 130 : 143, stdout: "" });
    expect(await room.leftovers()).toEqual([]);
  },
);

describe("the folder .workbook", { timeout }, () => {
  test("is full of nonsense: it is put right", async () => {
    await using own = copyTiny(rightAnswer());
    mkdirSync(own.at(".workbook", "reports", "tiny.json"), { recursive: true });
    mkdirSync(own.at(".workbook", "types"), { recursive: true });
    writeFileSync(own.at(".workbook", "progress.json"), '{"version": 1, "exer');
    const { code, stdout } = await run("tiny", {}, own.root);
    expect({ code, stdout }).toEqual({ code: 0, stdout: passes(4, 100).stdout });
  });

  test("is a file: the verdict is the same, and it is said", async () => {
    await using own = copyTiny(rightAnswer());
    writeFileSync(own.at(".workbook"), "nonsense");
    const { code, stdout, stderr } = await run("tiny", {}, own.root);
    expect({ code, stdout }).toEqual({ code: 0, stdout: passes(4, 100).stdout });
    expect(stderr).toMatch(/progress/i);
  });

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0)(
    "can only be read: the verdict is the same, and it is said",
    async () => {
      await using own = copyTiny(rightAnswer());
      mkdirSync(own.at(".workbook"), { mode: 0o555 });
      const { code, stdout, stderr } = await run("tiny", {}, own.root);
      chmodSync(own.at(".workbook"), 0o755);
      expect({ code, stdout }).toEqual({ code: 0, stdout: passes(4, 100).stdout });
      expect(stderr).toMatch(/progress/i);
    },
  );

  test("is taken away in the middle of a grading: the verdict is the same", async () => {
    await using own = copyTiny("");
    const folder = JSON.stringify(own.at(".workbook"));
    const away = `rmSync(${folder}, { recursive: true, force: true }); writeFileSync(${folder}, "");`;
    const answer = rightAnswer({
      atTop: 'import { rmSync, writeFileSync } from "node:fs";',
      inApp: `app.use((req, res, next) => { ${away} next(); });`,
    });
    writeFileSync(own.at("exercises", "tiny", "app.js"), answer);
    const { code, stdout, stderr } = await run("tiny", {}, own.root);
    expect({ code, stdout }).toEqual({ code: 0, stdout: passes(4, 100).stdout });
    expect(stderr).toMatch(/progress/i);
  });

  test("keeps the grader's report, whatever a submission writes there", async () => {
    await using own = copyTiny("");
    const report = own.at(".workbook", "reports", "tiny.json");
    const forged = JSON.stringify({ version: 1, slug: "tiny", verdict: "pass", points: 100 });
    const forge = `import { mkdirSync, writeFileSync } from "node:fs"; import path from "node:path";
const file = ${JSON.stringify(report)};
const write = () => { mkdirSync(path.dirname(file), { recursive: true }); writeFileSync(file, ${JSON.stringify(forged)}); };
write(); setInterval(write, 5); process.on("exit", write); console.log("✓ tiny passes: 4 of 4 behaviours hold");`;
    writeFileSync(own.at("exercises", "tiny", "app.js"), forgetful.replace("\n", `\n${forge}\n`));
    const { code, stdout } = await run("tiny", {}, own.root);
    expect(code).toBe(1);
    expect(stdout).toContain("1 of 4 behaviours hold: 20 of 100 points.");
    const kept = JSON.parse(readFileSync(report, "utf8")) as object;
    expect(kept).toMatchObject({ verdict: "fail", points: 20 });
    const progress = readFileSync(own.at(".workbook", "progress.json"), "utf8");
    expect(JSON.parse(progress)).toMatchObject({ exercises: { tiny: { points: 20 } } });
    rmSync(own.at(".workbook"), { recursive: true });
    expect(existsSync(report)).toBe(false);
  });
});
