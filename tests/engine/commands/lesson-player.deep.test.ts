import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyWorkbook, type WorkbookCopy } from "./copy-workbook.ts";
import { hasPty, openPty, type Pty } from "./open-pty.ts";
import { openRoom } from "./open-room.ts";
import { SLOW_LESSON } from "./tiny-lesson.ts";

const timeout = 120_000;
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_Z = "\u001A";
const ESCAPE = "\u001B";

let copy: WorkbookCopy;
beforeAll(() => {
  copy = copyWorkbook([]);
  mkdirSync(copy.at("lessons/02-slow"));
  for (const [name, text] of Object.entries(SLOW_LESSON)) {
    writeFileSync(copy.at("lessons/02-slow", name), text);
  }
});
afterAll(async () => await copy[Symbol.asyncDispose]());

type Options = Parameters<typeof openPty>[2];

/** Plays a lesson in a terminal while `use` runs, and proves that nothing of it stays. */
async function play(
  args: string,
  options: Options,
  use: (pty: Pty) => Promise<void>,
): Promise<{ code: number; isRaw: boolean }> {
  await using room = openRoom();
  const environment = {
    WORKBOOK_REDIS: "embedded",
    ...room.environment,
    ...options?.environment,
  };
  await using pty = openPty(copy.root, args.split(" "), { rows: 40, ...options, environment });
  await use(pty);
  const end = await pty.ended;
  expect(await room.leftovers()).toEqual([]);
  return end;
}

/** What differs from run to run made even; nothing moves by it. */
function even(screen: string): string {
  return screen
    .replaceAll(/([─-]+) [\d.]+ ms ([─-])/g, (found, _, rule: string) =>
      ` 99 ms ${rule}`.padStart(found.length, rule),
    )
    .replaceAll(/\(\d+ ms\)/g, "(99 ms)")
    .replaceAll(/port \d+/g, "port 12345")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:12345");
}

const REST = "a again   b back   r Redis   q quit";
const left = { code: 0, isRaw: false };

describe.skipIf(!hasPty()).concurrent("the lesson player", { timeout }, () => {
  test.for([
    [80, {}],
    [120, {}],
    [40, {}],
    [80, { LANG: "C" }],
  ] as const)(
    "at %i columns, %o: what a learner sees",
    async ([columns, environment], { expect: expectHere }) => {
      const screens: string[] = [];
      const end = await play("lesson 1", { columns, rows: 50, environment }, async (pty) => {
        await pty.see(/q quit/);
        screens.push(pty.screen());
        pty.clear();
        pty.type("\r");
        await pty.see("show me");
        pty.clear();
        pty.type("1");
        await pty.see(/q quit/);
        screens.push(pty.screen());
        pty.type("q");
      });
      expect(end).toEqual(left);
      const name = `${columns}${"LANG" in environment ? "-without-unicode" : ""}.txt`;
      const text = screens.map(even).join(`\n${"=".repeat(columns)}\n`);
      await expectHere(`${text}\n`).toMatchFileSnapshot(`screens/lesson-${name}`);
      const widest = Math.max(...text.split("\n").map((line) => [...line].length));
      expect(widest).toBeLessThanOrEqual(columns);
    },
  );

  test("colours are for those who want them", async () => {
    const seen: string[] = [];
    for (const environment of [{}, { NO_COLOR: "1" }, { TERM: "dumb" }]) {
      const end = await play("lesson 1", { environment }, async (pty) => {
        await pty.see(REST);
        seen.push(pty.raw());
        pty.type("q");
      });
      expect(end).toEqual(left);
    }
    const colours = seen.map(
      (text) => text.includes(`${ESCAPE}[3`) || text.includes(`${ESCAPE}[9`),
    );
    expect(colours).toEqual([true, false, false]);
  });

  test("keys at rest: again, back, Redis; others do nothing", async () => {
    const end = await play("lesson 1", { rows: 60 }, async (pty) => {
      await pty.see(REST);
      pty.clear();
      pty.type("xyz7");
      await pty.see('"7" does nothing here:');
      pty.clear();
      pty.type("a");
      await pty.see(REST);
      // Played anew from the beginning: it is the first visit again, and not the second.
      expect(pty.text()).toContain("Visit 1");
      expect(pty.text()).not.toMatch(/[xyz7]\d*\/2/);

      pty.type("\r");
      await pty.see("Which visit is it?");
      await pty.see("show me");
      pty.clear();
      pty.type("\r");
      await pty.see(REST);
      expect(pty.text()).toMatch(/Visit 2[^]*Right is: The second\.[^]*The end of this lesson/);

      pty.clear();
      pty.type("b");
      await pty.see(REST);
      expect(pty.text()).toMatch(/1 of 2[^]*Visit 1/);

      pty.clear();
      pty.type("r");
      await pty.see("redis> ");
      pty.type("GET sess:$ada.sid\r");
      await pty.see('"{\\"visits\\":1}"');
      pty.type("SET sess:$ada.sid '{\"visits\":40}'\r");
      await pty.see("OK");
      pty.type("MONITOR\r");
      await pty.see("Reading messages");
      pty.clear();
      pty.type("\r");
      await pty.see("redis> ");
      pty.type("EXISTS sess:$ada.sid\r");
      await pty.see("(integer) 1");
      pty.clear();
      pty.type(CTRL_C);
      await pty.see(REST);
      pty.clear();
      pty.type("r");
      await pty.see("redis> ");
      pty.clear();
      pty.type(CTRL_D);
      await pty.see(REST);
      pty.clear();
      pty.type("r");
      await pty.see("redis> ");
      pty.clear();
      pty.type("\r");
      await pty.see(REST);

      // The step goes on with what the learner has put there.
      pty.type("\r");
      await pty.see("show me");
      pty.clear();
      pty.type("2");
      await pty.see(REST);
      expect(pty.text()).toContain("✓ Right: The second.");
      expect(pty.text()).toContain("Visit 41");
      pty.type("q");
    });
    expect(end).toEqual(left);
  });

  test("keys while a request runs are no answers to what comes later", async () => {
    const end = await play("lesson 2", {}, async (pty) => {
      await pty.see("ben → app: GET / …");
      pty.type("ab\rr");
      writeFileSync(copy.at("lessons/02-slow/go"), "");
      await pty.see(REST);
      expect(pty.text()).toContain("At last");
      expect(pty.text()).not.toContain("2 of 2");
      expect(pty.text()).not.toContain("redis>");
      pty.clear();
      pty.type("\r");
      await pty.see("He goes.");
      pty.type("q");
    });
    expect(end).toEqual(left);
  });
});

describe.skipIf(!hasPty())("the lesson player, while a request hangs", { timeout }, () => {
  test.each([
    ["q quits", "q", left],
    ["Ctrl-C ends it", CTRL_C, { code: -2, isRaw: false }],
  ])("%s at once", async (_name, key, how) => {
    await using own = copyWorkbook([]);
    for (const [name, text] of Object.entries(SLOW_LESSON)) {
      writeFileSync(own.at("lessons/01-tiny", name), text);
    }
    await using room = openRoom();
    const environment = { WORKBOOK_REDIS: "embedded", ...room.environment };
    await using pty = openPty(own.root, ["lesson", "1"], { environment });
    await pty.see("ben → app: GET / …");
    const began = performance.now();
    pty.type(key);
    expect(await pty.ended).toEqual(how);
    // The request itself would be given up after 20 s only.
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(await room.leftovers()).toEqual([]);
  });
});

describe.skipIf(!hasPty()).concurrent("the lesson player and its terminal", { timeout }, () => {
  test("a narrower or wider terminal is drawn anew, a question too", async () => {
    const end = await play("lesson 1", { columns: 120, rows: 50 }, async (pty) => {
      await pty.see(REST);
      expect(pty.screen()).toContain("┬─ Redis saw 1 command");
      pty.clear();
      pty.resize(80, 50);
      await pty.see(REST);
      expect(pty.screen()).toContain("├─ Redis saw 1 command");
      expect(pty.screen().match(/Ada comes\./g)).toHaveLength(1);
      pty.type("\r");
      await pty.see("show me");
      pty.clear();
      pty.resize(40, 50);
      await pty.see("show me");
      const widest = Math.max(
        ...pty
          .screen()
          .split("\n")
          .map((line) => line.length),
      );
      expect(widest).toBeLessThanOrEqual(40);
      pty.type("q");
    });
    expect(end).toEqual(left);
  });

  test("Ctrl-C at rest and at a question", async () => {
    for (const typed of ["", "\r"]) {
      const end = await play("lesson 1", {}, async (pty) => {
        await pty.see(REST);
        pty.type(typed);
        if (typed !== "") await pty.see("show me");
        pty.type(CTRL_C);
      });
      expect(end).toEqual({ code: -2, isRaw: false });
    }
  });

  test("Ctrl-Z suspends it, and fg draws it anew", async () => {
    const command = ["sh", "-i"];
    const end = await play("", { command, environment: { ENV: "" } }, async (pty) => {
      await pty.see(/[#$] $/);
      pty.type("PS1=she'll: '\r");
      await pty.see("shell: ");
      pty.clear();
      pty.type(`'${process.execPath}' engine/start.mjs lesson 1\r`);
      await pty.see(REST);
      pty.clear();
      pty.type(CTRL_Z);
      await pty.see("shell: ");
      pty.type("echo between $((6 * 7))\r");
      await pty.see("between 42");
      pty.clear();
      pty.type("fg\r");
      await pty.see(REST);
      expect(pty.screen()).not.toContain("between");
      expect(pty.screen()).toContain("Visit 1");
      pty.type("\r");
      await pty.see("show me");
      pty.clear();
      pty.type("q");
      await pty.see("shell: ");
      pty.type("exit 7\r");
    });
    expect(end).toEqual({ code: 7, isRaw: false });
  });

  test("the window is closed: no process stays", async () => {
    const { code } = await play("lesson 1", {}, async (pty) => {
      await pty.see(REST);
      pty.close();
    });
    expect([-1, 0, 129]).toContain(code);
  });

  test("a program that is saved starts again, and the step can be played with it", async () => {
    const file = copy.at("lessons/01-tiny/app.mjs");
    const before = readFileSync(file, "utf8");
    await using own = copyWorkbook([]);
    await using room = openRoom();
    const environment = { WORKBOOK_REDIS: "embedded", ...room.environment };
    await using pty = openPty(own.root, ["lesson", "1"], { environment, rows: 60 });
    await pty.see(REST);
    pty.clear();
    writeFileSync(own.at("lessons/01-tiny/app.mjs"), before.replace('"Visit "', '"Call "'));
    await pty.see("app.mjs was saved: app starts again …");
    await pty.see("app runs again at");
    pty.clear();
    pty.type("a");
    await pty.see(/Call 1[^]*✗ `http expect`[^]*- Visit 1\s+\+ Call 1/);
    pty.type("q");
    expect(await pty.ended).toEqual(left);
    expect(await room.leftovers()).toEqual([]);
  });
});
