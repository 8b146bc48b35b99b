import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type {
  BackgroundEvent,
  LessonEvent,
  LessonSession,
} from "../../engine/lesson/lesson-event.ts";
import { markSessions } from "../../engine/lesson/mark-sessions.ts";
import { openLesson } from "../../engine/lesson/open-lesson.ts";
import { createLessonFolder } from "./lesson-folder.ts";
import { describeFailure, playThrough } from "./play-through.ts";

/** No Express here, other cookies, other keys: nothing may be made for lesson 1 alone. */
const STOCK = `
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { createClient } from "redis";
const client = createClient({ url: process.env.REDIS_URL, commandsQueueMaxLength: 50, disableOfflineQueue: true });
client.on("error", () => {});
await client.connect();
const routes = {
  "POST /login": async (request, response) => {
    const id = randomUUID();
    await client.hSet("member:" + id, { name: "Zoe", since: String(Date.now()) });
    await client.expire("member:" + id, 600);
    response.setHeader("Set-Cookie", ["member=s%3A" + id + ".x; HttpOnly", "theme=dark; Max-Age=3600"]);
    return { id };
  },
  "POST /take": async () => {
    const left = Number(await client.get("stock") ?? 10);
    await client.set("stock", String(left - 1));
    return { left: left - 1 };
  },
  "POST /take-one": async () => ({ left: await client.decr("counted") }),
  "GET /who": async (request) => {
    const id = /member=s%3A([^.]+)/.exec(request.headers.cookie ?? "")?.[1];
    return { name: id === undefined ? null : await client.hGet("member:" + id, "name"), cookies: request.headers.cookie ?? "" };
  },
  "GET /clock": async () => ({ day: new Date().toISOString().slice(0, 10), shop: process.env.SHOP ?? "main" }),
};
const server = createServer(async (request, response) => {
  try {
    const body = await routes[request.method + " " + request.url](request, response);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(body));
  } catch (error) {
    response.statusCode = 503;
    response.end("no stock today");
  }
});
server.listen(Number(process.env.PORT), process.env.HOST, () => console.log("stock is open"));
process.once("SIGTERM", () => server.close());
`;

const FRONT = `---
title: Stock
minutes: 5
redis: any
apps:
  stock: stock.mjs
  branch: { file: stock.mjs, env: { SHOP: branch } }
actions: actions.mjs
---

# Stock

What it is about.
`;

const FENCE = "```";
const block = (info: string, ...lines: string[]) => [FENCE + info, ...lines, FENCE, ""].join("\n");

const RACES = [
  FRONT,
  "## A race\n",
  block(
    "http race",
    "to=stock",
    "POST /take",
    "---",
    "to=branch",
    "POST /take",
    "---",
    "as=kim",
    "POST /take",
  ),
  block(
    "http expect",
    "200 OK",
    "",
    '{ "left": 9 }',
    "---",
    "200 OK",
    "",
    '{ "left": 9 }',
    "---",
    "200 OK",
    "",
    '{ "left": 9 }',
  ),
  block(
    "saw",
    "GET stock → (nil)",
    "GET stock → (nil)",
    "GET stock → (nil)",
    "SET stock 9 → OK",
    "SET stock 9",
    "…",
  ),
  block("redis", "> GET stock", '"9"', "> TYPE stock", "string"),
  "## Its cure\n",
  block("redis", "> SET counted 10", "OK"),
  block("http race", "POST /take-one", "---", "to=branch", "POST /take-one"),
  block(
    "http expect any order",
    "200 OK",
    "",
    '{ "left": 8 }',
    "---",
    "200 OK",
    "",
    '{ "left": 9 }',
  ),
  block("saw any order", "DECR counted → (integer) 8", "DECR counted → (integer) 9"),
].join("\n");

const OUTAGES = [
  FRONT,
  "## Log in\n",
  block("http as=zoe", "POST /login"),
  block(
    "http expect",
    "200 OK",
    "Set-Cookie: member=s%3A{{member}}.x; HttpOnly",
    "Set-Cookie: theme=dark; …",
    "(no Location)",
    "",
    '{ "id": "$member" }',
  ),
  block(
    "saw",
    "HSET member:$zoe.sid name Zoe since ~1790000000000±100000000000 → (integer) 2",
    "EXPIRE member:$member 600",
  ),
  block("redis any order", "> HGETALL member:$member", '"Zoe"', '"name"', '"since"', '"…"'),
  "## Redis goes away\n",
  block("do", "cut redis"),
  block("http as=zoe", "GET /who"),
  block("http expect", "503 Service Unavailable", "", "no stock today"),
  block("redis", "> TTL member:$member", "(integer) ~600±60"),
  block("do", "restore redis"),
  block("http as=zoe", "GET /who"),
  block(
    "http expect",
    "200 OK",
    "",
    '{ "name": "Zoe", "cookies": "member=$zoe.cookie; theme=dark" }',
  ),
  "## Time passes\n",
  block("time", "+2h"),
  block("http as=zoe", "GET /who"),
  block("http expect", "200 OK", "", '{ "name": null, "cookies": "member=$zoe.cookie" }'),
  block("do", "close browser zoe", "restart stock"),
  block("http as=zoe", "GET /who"),
  block("http expect", "200 OK", "", '{ "name": null, "cookies": "" }'),
  block("saw", "(nothing)"),
  block(
    "redis",
    "> EXISTS member:$zoe.sid",
    "(integer) 0",
    "> NOSUCH",
    "(error) ERR unknown command …",
  ),
].join("\n");

const ACTIONS = `
console.log("filling", process.argv.slice(2).join(" "), process.env.REDIS_URL.startsWith("redis://"));
console.log(JSON.stringify({ chart: { title: "Reading", unit: "ms", bars: [["small", 2], ["large", 9.5]] } }));
`;
const MEASURES = [
  FRONT,
  "## Measure\n",
  block("do", "act fill 100 $stock.port"),
  block("output", "filling fill 100 $stock.port true"),
  block("chart", "large >= 4 × small", "small < large"),
  block("do", "act fill"),
  block("chart times", "small > large", "small < large"),
  block("do", "act fill"),
  block("chart times", "huge > large"),
  block("ask", "Which shop answers?", "", "- [ ] The main one.", "- [x] The branch."),
  block("http to=branch", "GET /clock"),
  block("http expect", "200 OK", "", '{ "shop": "branch" }'),
  "## Run\n",
  block("do", "run fail.mjs"),
  block("output", "begun", "…", "Error: on purpose", "…", "(exit 1)"),
].join("\n");

const FILES = {
  "stock.mjs": STOCK,
  "actions.mjs": ACTIONS,
  "fail.mjs": 'console.log("begun");\nthrow new Error("on purpose");\n',
};

async function collect(session: LessonSession, step: number): Promise<LessonEvent[]> {
  const events: LessonEvent[] = [];
  for await (const event of session.play(step)) events.push(event);
  return events;
}

describe.concurrent("a lesson of other programs", () => {
  test("makes races certain", { timeout: 120_000 }, async () => {
    await using folder = await createLessonFolder({ ...FILES, "README.md": RACES });

    const { failures, events } = await playThrough(folder.path);

    expect(failures).toEqual([]);
    const [race] = events.filter((event) => event.kind === "exchange");
    expect(race?.pairs.map(({ request }) => `${request.as} → ${request.to}`)).toEqual([
      "visitor → stock",
      "visitor → branch",
      "kim → stock",
    ]);
  });

  test("takes Redis away and lets time pass", { timeout: 120_000 }, async () => {
    await using folder = await createLessonFolder({ ...FILES, "README.md": OUTAGES });

    const { failures } = await playThrough(folder.path);

    expect(failures).toEqual([]);
  });

  // Polling in a concurrent test needs the test's own expect.
  test("measures, runs, asks, and goes back", { timeout: 120_000 }, async (context) => {
    await using folder = await createLessonFolder({ ...FILES, "README.md": MEASURES });
    await using session = await openLesson({
      folder: folder.path,
      environment: { ...process.env, WORKBOOK_REDIS: "embedded" },
      watch: true,
    });
    const background: BackgroundEvent[] = [];
    session.onBackground((event) => background.push(event));

    const first: LessonEvent[] = [];
    for await (const event of session.play(1)) {
      first.push(event);
      if (event.kind === "question") session.choose(0);
    }
    expect(first.map(describeFailure).filter((failure) => failure !== undefined)).toEqual([
      expect.stringContaining("Reading: huge > large | huge: no such bar, large: 9.5 ms"),
    ]);
    expect(first.flatMap((event) => (event.kind === "expectation" ? event.notes : []))).toEqual([
      "Not this time: small > large (small: 2 ms, large: 9.5 ms). Times depend on what else the machine does; play the step again.",
    ]);
    expect(first.find(({ kind }) => kind === "truth")).toMatchObject({ right: 1, chosen: 0 });
    expect(first.find(({ kind }) => kind === "chart")).toMatchObject({
      title: "Reading",
      bars: [
        ["small", 2],
        ["large", 9.5],
      ],
    });

    expect(await session.command("SET left behind")).toEqual(["OK"]);
    const jumped = await collect(session, 2);
    expect(jumped.at(-1)).toMatchObject({ kind: "step-done", step: 2, failures: 0 });
    expect(jumped.some(({ kind }) => kind === "replaying")).toBe(false);

    const ports = session.programs.map(({ url }) => url);
    const again = await collect(session, 2);
    expect(again[0]).toEqual({ kind: "replaying", step: 1, upTo: 1 });
    expect(again.at(-1)).toMatchObject({ kind: "step-done", failures: 0 });
    expect(await session.command("EXISTS left")).toEqual(["(integer) 0"]);
    expect(session.programs.map(({ url }) => url)).toEqual(ports);

    await writeFile(path.join(folder.path, "stock.mjs"), STOCK.replace("no stock", "no goods"));
    await context.expect
      .poll(() => background.filter(({ kind }) => kind === "program-restarted"), {
        timeout: 60_000,
      })
      .toHaveLength(2);
    await writeFile(path.join(folder.path, "stock.mjs"), "throw new Error('half-written');");
    await context.expect
      .poll(() => background.find(({ kind }) => kind === "trouble"), { timeout: 60_000 })
      .toMatchObject({ message: "stock ended (exit code 1) before it was listening." });
  });
});

test("the parts of a text that name a session are the text", () => {
  const session = { label: "ada·3f2c", browser: "ada", id: "3f2cX", index: 0 };

  expect(markSessions("GET sess:3f2cX and 3f2cX", [session])).toEqual([
    { text: "GET sess:" },
    { text: "3f2cX", session },
    { text: " and " },
    { text: "3f2cX", session },
  ]);
});
