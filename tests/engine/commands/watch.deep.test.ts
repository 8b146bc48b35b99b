import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { copyWorkbook, type WorkbookCopy } from "./copy-workbook.ts";
import { hasPty, openPty, type Pty } from "./open-pty.ts";
import { openRoom } from "./open-room.ts";
import { addTinyExercise, greeter } from "./tiny-exercise.ts";

const timeout = 120_000;
const CTRL_C = "\u0003";
const CTRL_Z = "\u001A";
const ESCAPE = "\u001B";
const left = { code: 0, isRaw: false };
/** The last line, once all of it is there. */
const KEYS = /q quit/;

let copies: WorkbookCopy[] = [];
let taken = 0;
beforeAll(() => {
  copies = Array.from({ length: 10 }, () => {
    const copy = copyWorkbook([]);
    addTinyExercise(copy, "greet");
    addTinyExercise(copy, "greet-again");
    return copy;
  });
});
afterAll(async () => {
  await Promise.all(copies.map(async (copy) => await copy[Symbol.asyncDispose]()));
});

type Options = NonNullable<Parameters<typeof openPty>[2]>;

interface Watched {
  readonly pty: Pty;
  readonly copy: WorkbookCopy;
  /** The learner's file. */
  readonly app: string;
  /** Saves it, and waits for a verdict that tells of its text. */
  save(text: string): Promise<void>;
}

/** Watches an exercise in a terminal while `use` runs, and proves that nothing of it stays. */
async function watch(
  options: Options,
  use: (watched: Watched) => Promise<void>,
): Promise<{ code: number; isRaw: boolean }> {
  const copy = copies[taken];
  taken += 1;
  if (copy === undefined) throw new Error("More copies are needed: see beforeAll.");
  await using room = openRoom();
  const environment = { WORKBOOK_REDIS: "embedded", ...room.environment, ...options.environment };
  const args = ["watch", "greet"];
  await using pty = openPty(copy.root, args, { rows: 40, ...options, environment });
  const app = copy.at("exercises/greet/app.ts");
  const save = async (text: string) => {
    pty.clear();
    writeFileSync(app, greeter(text));
    await pty.see(text === "Hello" ? "greet passes." : text);
    await pty.see(KEYS);
  };
  await use({ pty, copy, app, save });
  const end = await pty.ended;
  expect(await room.leftovers()).toEqual([]);
  return end;
}

/** What is kept of the exercise. */
function readProgress(copy: WorkbookCopy): unknown {
  try {
    const text = readFileSync(copy.at(".workbook/progress.json"), "utf8");
    return (JSON.parse(text) as { exercises: Record<string, unknown> }).exercises["greet"];
  } catch {
    return undefined;
  }
}

/** What differs from run to run made even. */
function even(screen: string): string {
  return screen
    .replaceAll(/\d+\.\d s\b/g, "9.9 s")
    .replaceAll(/seed \d+/g, "seed 123")
    .replaceAll(/port \d+/g, "port 12345");
}

describe.skipIf(!hasPty()).concurrent("watch", { timeout }, () => {
  test.for([
    [80, {}],
    [120, {}],
    [40, { LANG: "C", NO_COLOR: "1" }],
  ] as const)("at %i columns, %o: what a learner sees", async ([columns, environment], task) => {
    const screens: string[] = [];
    const end = await watch({ columns, rows: 60, environment }, async ({ pty, save }) => {
      await pty.see(KEYS);
      screens.push(pty.screen());
      if (columns === 40) expect(pty.raw()).not.toContain(`${ESCAPE}[31m`);
      pty.clear();
      pty.type("h");
      await pty.see(KEYS);
      screens.push(pty.screen());
      pty.clear();
      pty.type("l");
      await pty.see(KEYS);
      await save("Hello");
      screens.push(pty.screen());
      pty.clear();
      pty.resize(columns === 80 ? 60 : 80, 60);
      await pty.see(KEYS);
      expect(pty.screen().match(/greet passes/g)).toHaveLength(1);
      pty.type("q");
    });
    expect(end).toEqual(left);
    const text = screens.map(even).join(`\n${"=".repeat(columns)}\n`);
    await task.expect(`${text}\n`).toMatchFileSnapshot(`screens/watch-${columns}.txt`);
  });

  test("each key at rest, and what comes of it", async () => {
    const end = await watch({}, async ({ pty, copy, save }) => {
      const press = async (key: string, what: RegExp | string) => {
        pty.clear();
        pty.type(key);
        await pty.see(what);
        await pty.see(KEYS);
      };
      await pty.see(KEYS);
      await press("h", "Hint 1 of 3: A question");
      await press("h", "Hint 2 of 3: A direction (new)");
      await press("a", "2. It greets");
      await press("r", "2. It greets");
      await press("l", "Exercises");
      expect(pty.text()).toMatch(/greet +█+░+ {2}1 of 2, 10 points, 2 hints, last run just now/);

      pty.clear();
      pty.type("d");
      await pty.see("Show the whole solution beside your code? (y/N)");
      pty.type("n\r");
      await pty.see("Next: npm run hint greet");
      await press("\r", "2. It greets");

      pty.clear();
      pty.type("s");
      await pty.see("Keys: k what is in Redis");
      const [url = ""] = /http:\/\/localhost:\d+/.exec(pty.text()) ?? [];
      expect(await (await fetch(url)).text()).toBe("nothing yet");
      await pty.see("GET /  200");
      await press("q", "2. It greets");

      await save("Hello");
      expect(pty.screen()).toContain("d diff  n next");
      pty.clear();
      pty.type("d");
      await pty.see("Your code is the solution, line by line.");
      await press("n", "mend 2 of greet-again, then save");
      pty.clear();
      pty.type("n");
      await pty.see("There is no other exercise that is open.");
      const progress = readProgress(copy);
      expect(progress).toMatchObject({ points: 20, hintsShown: { 2: 2 } });
      expect(progress).toHaveProperty("passedAt");
      pty.type("q");
    });
    expect(end).toEqual(left);
  });

  test("keys during a run; a save calls it off, and no older verdict is shown", async () => {
    const end = await watch({}, async ({ pty, copy, app }) => {
      await pty.see(KEYS);
      const gate = copy.at("gate");
      pty.clear();
      writeFileSync(app, greeter("too old", { waitsFor: gate }));
      await pty.see("Grading greet …");
      pty.type("hal\r");
      await pty.see("The hint comes with the verdict.");
      await pty.see("Exercises");
      pty.type("r");
      pty.clear();
      writeFileSync(app, greeter("newer"));
      await pty.see(/Came +newer/);
      // The hint that was asked for during the run.
      await pty.see("Hint 1 of 3");
      writeFileSync(gate, "");
      expect(pty.text()).not.toContain("too old");
      pty.clear();
      writeFileSync(app, greeter("newest"));
      await pty.see(/Came +newest/);
      expect(pty.text()).not.toMatch(/too old|newer/);

      rmSync(gate);
      pty.clear();
      writeFileSync(app, greeter("hangs", { waitsFor: gate }));
      await pty.see("Grading greet …");
      pty.type("q");
    });
    expect(end).toEqual(left);
  });

  test("saves by rename, in two goes, of several files; deletion; errors in between", async () => {
    const end = await watch({}, async ({ pty, copy, app, save }) => {
      await pty.see(KEYS);
      const came = async (text: string) => await pty.see(new RegExp(`Came +${text}`));

      pty.clear();
      writeFileSync(`${app}.tmp`, greeter("by rename"));
      renameSync(`${app}.tmp`, app);
      await came("by rename");

      pty.clear();
      writeFileSync(app, "");
      writeFileSync(app, greeter("in two goes"));
      await came("in two goes");

      pty.clear();
      mkdirSync(copy.at("exercises/greet/lib"));
      writeFileSync(
        app,
        greeter("X").replace('"X"', "word").replace(/^/, 'import { word } from "./lib/word.ts";\n'),
      );
      writeFileSync(copy.at("exercises/greet/lib/word.ts"), 'export const word = "from a file";\n');
      await came("from a file");
      pty.clear();
      writeFileSync(
        copy.at("exercises/greet/lib/word.ts"),
        'export const word = "changed there";\n',
      );
      await came("changed there");

      pty.clear();
      writeFileSync(app, "export function createApp( {\n");
      await pty.see("could not be graded");
      await pty.see("exercises/greet/app.ts:");
      await save("mended");

      pty.clear();
      rmSync(app);
      await pty.see("There is no app.ts in the folder");
      await save("back again");

      pty.clear();
      rmSync(copy.at("exercises/greet"), { recursive: true });
      await pty.see("exercises/greet is gone. Waiting until there is something to grade.");
      mkdirSync(copy.at("exercises/greet"));
      await save("made anew");
      await save("Hello");
      pty.type("q");
    });
    expect(end).toEqual(left);
  });

  test("progress that cannot be kept is said, and the verdict stands", async () => {
    const end = await watch({}, async ({ pty, copy, save }) => {
      await pty.see(KEYS);
      await waitUntil(() => readProgress(copy) !== undefined, timeout);
      writeFileSync(copy.at(".workbook/progress.json"), '{"version":1,"less');
      await save("one");
      await pty.see(
        /\.workbook\/progress\.json is not JSON; the progress starts from nothing\. The old file is now \.workbook\/progress\.broken-/,
      );
      rmSync(copy.at(".workbook"), { recursive: true });
      writeFileSync(copy.at(".workbook"), "");
      await save("Hello");
      await pty.see(
        "Your progress could not be kept in .workbook: .workbook is a file, not a folder.",
      );
      pty.type("q");
    });
    expect(end).toEqual(left);
  });

  test("two watchers of one exercise", async () => {
    const end = await watch({}, async ({ pty, copy, save }) => {
      await using room = openRoom();
      const environment = { WORKBOOK_REDIS: "embedded", ...room.environment };
      await using other = openPty(copy.root, ["watch", "greet"], { environment });
      await Promise.all([pty.see(KEYS), other.see(KEYS)]);
      other.clear();
      await Promise.all([save("Hello"), other.see("greet passes.")]);
      const isKept = () => (readProgress(copy) as { points?: number } | undefined)?.points === 20;
      expect(await waitUntil(isKept, 10_000)).toBe(true);
      other.type("q");
      expect(await other.ended).toEqual(left);
      pty.type("q");
    });
    expect(end).toEqual(left);
  });

  test("suspended and resumed, and ended by Ctrl-C; a save meanwhile counts", async () => {
    const command = ["sh", "-i"];
    const end = await watch({ command, environment: { ENV: "" } }, async ({ pty, app }) => {
      await pty.see(/[#$] $/);
      pty.type("PS1=she'll: '\r");
      await pty.see("shell: ");
      pty.type(`'${process.execPath}' engine/start.mjs watch greet\r`);
      await pty.see(KEYS);
      pty.clear();
      pty.type(CTRL_Z);
      await pty.see("shell: ");
      writeFileSync(app, greeter("while suspended"));
      pty.clear();
      pty.type("fg\r");
      await pty.see("while suspended");
      await pty.see(KEYS);
      pty.clear();
      pty.type(CTRL_C);
      await pty.see("shell: ");
      pty.type("exit 7\r");
    });
    expect(end).toEqual({ code: 7, isRaw: false });
  });

  test("the window is closed: no process stays", async () => {
    const { code } = await watch({}, async ({ pty }) => {
      await pty.see(KEYS);
      pty.close();
    });
    expect([-1, 0]).toContain(code);
  });
});
