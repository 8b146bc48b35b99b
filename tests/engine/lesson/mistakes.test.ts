import { describe, expect, test } from "vitest";
import { LessonMistakes } from "../../../engine/lesson/parse/lesson-mistakes.ts";
import { parseLesson } from "../../../engine/lesson/parse/parse-lesson.ts";

const FENCE = "```";
const block = (info: string, ...lines: string[]) => [FENCE + info, ...lines, FENCE].join("\n");
const ASKED = block("http", "GET /");
const ANSWERED = [ASKED, block("http expect", "200 OK")].join("\n\n");
const FILES: Readonly<Record<string, string>> = {
  "app.ts": "one();\n// #region two\ntwo();\n// #endregion\n",
  "second.ts": "",
  "actions.ts": "",
  "run.ts": "",
};

/** A document of which one step holds these blocks, apart by empty lines; the first begins in line 16. */
function withBlocks(blocks: readonly string[], front: readonly string[] = []): string {
  const head = [
    "---",
    "title: Shop",
    "minutes: 5",
    ...(front.some((line) => line.startsWith("redis:")) ? [] : ["redis: any"]),
    "apps:",
    "  app: app.ts",
    "  second: { file: second.ts, start: by-hand }",
    ...front,
  ];
  while (head.length < 10) head.push("# nothing");
  return [
    ...head,
    "---",
    "",
    "# Shop",
    "## Step",
    "",
    ...blocks.flatMap((each) => [each, ""]),
  ].join("\n");
}

/** What an author is told, as it is printed. */
function read(document: string): string {
  const { mistakes } = parseLesson(document, (name) => FILES[name]);
  return new LessonMistakes("README.md", mistakes).message;
}

const actions = "actions: actions.ts";
const sentinel = "redis: sentinel";

describe("a mistake is told with its line, what is wrong and what to do", () => {
  test("the document of these tests has none", () => {
    expect(read(withBlocks([ANSWERED]))).toBe("");
    expect(read(withBlocks([ANSWERED], [sentinel, actions]))).toBe("");
  });

  test.each([
    ["http", [ASKED]],
    ["http", [block("http", "GET"), block("http expect", "200 OK")]],
    ["http", [block("http", "GET /", "Accept"), block("http expect", "200 OK")]],
    ["http", [block("http", "POST /", "", "{}"), block("http expect", "200 OK")]],
    ["http", [block("http for=ada", "GET /"), block("http expect", "200 OK")]],
    ["http", [block("http to=secnd", "GET /"), block("http expect", "200 OK")]],
    ["http", [block("http to=second", "GET /"), block("http expect", "200 OK")]],
    ["http", [block("http", "GET /$id"), block("http expect", "200 OK")]],
    ["http", [block("http", "GET /{{id}}"), block("http expect", "200 OK")]],
    ["http race", [block("http race", "GET /"), block("http expect", "200 OK")]],
    ["http race", [block("http race", "GET /", "---", "GET /"), block("http expect", "200 OK")]],
    ["http expect", [block("http expect", "200 OK")]],
    ["http expect", [ASKED, block("http expect", "OK")]],
    ["http expect", [ASKED, block("http expect", "200 OK", "no Location")]],
    ["http expect", [ASKED, block("http expect", "200 OK", "", "…")]],
    ["http expect", [ASKED, block("http expect", "200 OK", "", '{ "name": }')]],
    ["http expect", [ASKED, block("http expect in order", "200 OK")]],
    ["saw", [block("saw", "GET sess:1")]],
    ["saw", [ANSWERED, block("saw", "…")]],
    ["saw", [ANSWERED, block("saw sorted", "GET sess:1")]],
    ["saw", [ANSWERED, block("saw", "GET sess:$ben.sid")]],
    ["saw", [ANSWERED, block("saw", "GET {{a}}…")]],
    ["redis", [block("redis", "PING")]],
    ["redis", [block("redis", "> PING")]],
    ["redis", [block("redis", "> PING", "…")]],
    ["redis", [block("redis on=redis1", "> PING", "PONG")]],
    ["redis", [block("redis on=redis4", "> PING", "PONG")], [sentinel]],
    ["time", [block("time", "31 minutes")]],
    ["time", [block("time", "+31m")], [sentinel]],
    ["do", [block("do", "")]],
    ["do", [block("do", "dance")]],
    ["do", [block("do", "start app")]],
    ["do", [block("do", "stop second")]],
    ["do", [block("do", "restart appp")]],
    ["do", [block("do", "restore redis")]],
    ["do", [block("do", "cut redis", "stall redis")]],
    ["do", [block("do", "close browser ada")]],
    ["do", [block("do", "run missing.ts"), block("output", "done")]],
    ["do", [block("do", "run run.ts", "start second"), block("output", "done")]],
    ["do", [block("do", "run run.ts")]],
    ["do", [block("do", "act fill")]],
    ["do", [block("do", "kill primary")]],
    ["do", [block("do", "cut redis")], [sentinel]],
    ["do", [block("do", "kill redis4")], [sentinel]],
    ["do", [block("do", "wait a minute")], [sentinel]],
    ["do together", [block("do at once", "act fill", "start second")], [actions]],
    ["do together", [block("do together", "start second", "act fill")], [actions]],
    ["output", [block("output", "done")]],
    ["output", [block("do", "run run.ts"), block("output", "…")]],
    ["ask", [block("ask", "- [x] Yes.", "- [ ] No."), ANSWERED]],
    ["ask", [block("ask", "Does it?", "- [x] Yes."), ANSWERED]],
    ["ask", [block("ask", "Does it?", "- [ ] Yes.", "- [ ] No."), ANSWERED]],
    ["ask", [block("ask", "Does it?", "- [x] Yes.", "- [x] No."), ANSWERED]],
    ["ask", [block("ask", "Does it?", "- [x] Yes.", "- No."), ANSWERED]],
    ["ask", [block("ask", "Does it?", "- [x] Yes.", "- [ ] No.")]],
    ["chart", [block("chart", "a > b")]],
    ["chart", [block("do", "act fill"), block("chart", "a is larger")], [actions]],
    ["chart", [block("do", "act fill"), block("chart", "")], [actions]],
    ["chart", [block("do", "act fill"), block("chart ms", "a > b")], [actions]],
    ["ts", [block("ts", "two();")]],
    ["ts", [block("ts file=missing.ts", "two();")]],
    ["ts", [block("ts file=app.ts#tow", "two();")]],
    ["ts", [block("ts file=app.ts#two", "three();")]],
    ["ts", [block("ts file=app.ts#two now", "two();")]],
    ["mermaid", [block("mermaid", "graph")]],
    ["a slip", [block("htpp", "GET /")]],
    ["in a list", [`- so:\n\n  ${FENCE}http\n  GET /\n  ${FENCE}`]],
  ] as [string, string[], string[]?][])("%s %#", (_kind, blocks, front) => {
    expect(read(withBlocks(blocks, front))).toMatchSnapshot();
  });
});

describe("a mistake in the head of a document", () => {
  const rest = ["# Shop", "", "## Step", "", ANSWERED, ""];
  const head = (...lines: string[]) => ["---", ...lines, "---", "", ...rest].join("\n");

  test.each([
    ["none", rest.join("\n")],
    ["no YAML", head("title: Shop", "minutes: [5")],
    ["an unknown key", head("title: Shop", "minutes: 5", "redis: any", "app: app.ts", "atfer: x")],
    ["a key that is missing", head("title: Shop", "redis: any", "app: app.ts")],
    ["a kind of Redis", head("title: Shop", "minutes: 5", "redis: some", "app: app.ts")],
    ["too long", head("title: Shop", "minutes: 500", "redis: any", "app: app.ts")],
    ["a file outside", head("title: Shop", "minutes: 5", "redis: any", "app: ../app.ts")],
    ["a missing file", head("title: Shop", "minutes: 5", "redis: any", "app: aap.ts")],
    [
      "app and apps",
      head("title: Shop", "minutes: 5", "redis: any", "app: app.ts", "apps: { a: app.ts }"),
    ],
    [
      "a key of an app",
      head("title: Shop", "minutes: 5", "redis: any", "apps:", "  a: { fle: x }"),
    ],
    [
      "a name of the topology",
      head("title: Shop", "minutes: 5", "redis: sentinel", "apps: { redis1: app.ts }"),
    ],
    ["actions", head("title: Shop", "minutes: 5", "redis: any", "app: app.ts", "actions: act.ts")],
    ["another title", head("title: Shops", "minutes: 5", "redis: any", "app: app.ts")],
  ])("%s", (_what, document) => {
    expect(read(document)).toMatchSnapshot();
  });

  test("no step, two titles, a block before the first step", () => {
    const front = ["---", "title: Shop", "minutes: 5", "redis: any", "app: app.ts", "---", ""];

    expect(read([...front, "# Shop"].join("\n"))).toMatchSnapshot();
    expect(
      read([...front, "# Shop", "", ANSWERED, "## Step", "# More"].join("\n")),
    ).toMatchSnapshot();
  });
});

test("the first ten mistakes are shown", () => {
  const many = Array.from({ length: 12 }, () => block("time", "soon"));

  expect(read(withBlocks(many)).split("\n").at(-1)).toBe("… and 2 more.");
});
