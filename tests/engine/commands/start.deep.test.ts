import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { copyWorkbook } from "./copy-workbook.ts";
import { hasPty, openPty, type Pty } from "./open-pty.ts";
import { openRoom } from "./open-room.ts";
import { addTinyExercise, greeter } from "./tiny-exercise.ts";

const timeout = 120_000;
const left = { code: 0, isRaw: false };

/** Starts an app in a terminal while `use` runs, and proves that nothing of it stays. */
async function start(
  what: string,
  use: (pty: Pty, url: string, at: (...parts: string[]) => string) => Promise<void>,
): Promise<void> {
  await using copy = copyWorkbook([]);
  addTinyExercise(copy);
  await using room = openRoom();
  const environment = { WORKBOOK_REDIS: "embedded", ...room.environment };
  await using pty = openPty(copy.root, ["start", ...what.split(" ")], { rows: 60, environment });
  await pty.see("Keys: k what is in Redis, c the curl lines again, r restart, q quit");
  const [url = ""] = /http:\/\/localhost:\d+/.exec(pty.text()) ?? [];
  await use(pty, url, copy.at);
  pty.type("q");
  expect(await pty.ended).toEqual(left);
  expect(await room.leftovers()).toEqual([]);
}

describe.skipIf(!hasPty()).concurrent("npm start", { timeout }, () => {
  test("an exercise: its URL, curl lines, requests live, keys, restart on save", async () => {
    await start("greet", async (pty, url, at) => {
      const app = at("exercises/greet/app.ts");
      expect(pty.text()).toContain("Greet\n");
      expect(pty.text()).toMatch(/# a greeting\s+curl/);
      expect(await (await fetch(url)).text()).toBe("nothing yet");
      await pty.see(/GET \/ {2}200 {2}\d+ ms\s+nothing yet\s+Redis saw nothing/);

      pty.clear();
      pty.type("k");
      await pty.see("Redis holds no key.");
      pty.type("c");
      await pty.see("# a greeting");
      pty.type("r");
      await pty.see("What it had in memory is gone; what is in Redis is still there.");

      pty.clear();
      writeFileSync(app, "export function createApp( {\n");
      await pty.see(/The app is not running: .+\s+at exercises\/greet\/app\.ts:\d+/);
      await pty.see("The next save starts it again.");
      const answer = await fetch(url);
      expect(answer.status).toBe(503);
      expect(await answer.text()).toContain("The app is not running.");

      pty.clear();
      writeFileSync(app, greeter("Hello"));
      await pty.see("✓ ");
      expect(await (await fetch(url)).text()).toBe("Hello");
      await pty.see(/GET \/ {2}200/);
    });
  });

  test("an exercise with the settings of a check", async () => {
    await start("greet check 1", async (pty) => {
      expect(pty.text()).toContain("The settings of check 1: language Danish\n");
    });
  });

  test("a lesson: each request with the Redis commands that it causes", async () => {
    await start("lesson 1", async (pty, url) => {
      expect(pty.text()).toContain("Lesson 1: A tiny lesson");
      pty.clear();
      expect(await (await fetch(url)).text()).toBe("Visit 1");
      await pty.see(/GET \/ {2}200[^]*Set-Cookie: connect\.sid=[^]*SET sess:Kx7W\S+ .+ → OK/);
      pty.clear();
      pty.type("k");
      await pty.see(/Redis holds one key:\s+sess:Kx7W\S+ +string, \d+ s left\s+.+visits/);
    });
  });
});
