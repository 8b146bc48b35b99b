import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { findFreePort } from "../../../engine/process/find-free-port.ts";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { provideRedis } from "../../../engine/redis/provide-redis.ts";
import { setWorkbookRedis, unsetWorkbookRedis } from "../../../engine/redis/set-workbook-redis.ts";
import { hasRedisServer } from "../redis/has-redis-server.ts";
import { copyWorkbook, type WorkbookCopy } from "./copy-workbook.ts";
import { openRoom } from "./open-room.ts";
import { type Ran, runWorkbook } from "./run-workbook.ts";
import { startWorkbook } from "./start-workbook.ts";

const isWindows = process.platform === "win32";
/** Each starts several processes, on machines that may be busy. */
const timeout = 300_000;

let copy: WorkbookCopy;
beforeAll(() => {
  copy = copyWorkbook();
});
afterAll(async () => await copy[Symbol.asyncDispose]());

/** Runs a command, and proves that nothing of it stays. */
async function run(
  command: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Ran> {
  await using room = openRoom();
  const ran = await runWorkbook(copy.root, command.split(" "), {
    ...environment,
    ...room.environment,
  });
  expect(await room.leftovers()).toEqual([]);
  return ran;
}

/** What is printed when it cannot be done: a sentence, and the next command to type. */
const refused = (...lines: string[]): Ran => ({
  code: 2,
  stdout: "",
  stderr: `${lines.join("\n")}\n`,
});

/** What lesson `1 yes` of the copy prints, in what does not vary; line breaks are blanks in it. */
function played(...opening: string[]): RegExp {
  const head = opening.map((each) => quote(each).replaceAll("…", ".*?")).join(" ");
  return new RegExp(
    `^A tiny lesson 2 steps, 1 minute ${head} It counts visits\\. .*2 steps, 4 statements about what comes: all hold\\. The programs have been ended\\. $`,
  );
}

const quote = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

const embedded = (why: string) => `Redis: the embedded one, as version 7.0.…, on port … (${why})`;

const inOneLine = (text: string) => text.replaceAll(/\s+/g, " ");

/** A PATH with one program on it, made for the test. */
function pathWith(name: string, script: string) {
  const folder = createTemporaryFolder("path");
  const file = path.join(folder.path, name);
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return { path: folder.path, file, [Symbol.asyncDispose]: folder.remove };
}

describe.concurrent("before anything else", { timeout }, () => {
  test("a command that does not exist", async () => {
    const lessn = refused(
      'There is no command "lessn". Did you mean lesson?',
      "Next: npm run lesson",
    );
    expect(await run("lessn")).toEqual(lessn);
  });

  test("a lesson that does not exist", async () => {
    expect(await run("lesson tinny")).toEqual(
      refused(
        'There is no lesson "tinny". Did you mean 1, tiny?',
        "The lessons are: 1 tiny.",
        "Next: npm run lesson 1",
      ),
    );
  });

  test("a step that the lesson does not have: its programs and its Redis are ended", async () => {
    expect(await run("lesson 1 99")).toEqual(
      refused('Lesson 1 has the steps 1 to 2; this is "99".', "Next: npm run lesson 1"),
    );
  });

  test("a Node that is too old", async () => {
    const fake = copy.at("old-node.cjs");
    writeFileSync(
      fake,
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } });',
    );
    expect(await run("lesson 1", { NODE_OPTIONS: `--require "${fake}"` })).toEqual(
      refused(
        "This workbook needs Node 20.19 or later; this is Node 18.20.4.",
        "Install a newer one from https://nodejs.org and run `npm ci` again.",
      ),
    );
  });

  test("packages that are not installed", async () => {
    const bare = createTemporaryFolder("bare");
    mkdirSync(path.join(bare.path, "engine"));
    copyFileSync(copy.at("engine", "start.mjs"), path.join(bare.path, "engine", "start.mjs"));
    expect(await runWorkbook(bare.path, ["lesson", "1"])).toEqual(
      refused("The packages of this workbook are not installed here.", "Next: npm ci"),
    );
    await bare.remove();
  });
});

describe.concurrent("WORKBOOK_REDIS", { timeout }, () => {
  test("is nonsense", async () => {
    expect(await run("lesson 1", { WORKBOOK_REDIS: "yes please" })).toEqual(
      refused(
        'WORKBOOK_REDIS is "yes please": it must be embedded, server, or a URL like redis://127.0.0.1:6379/1.',
        `Next: ${setWorkbookRedis("embedded")}`,
      ),
    );
  });

  test("is nonsense, and an app is to be tried", async () => {
    expect(await run("start rate-limit", { WORKBOOK_REDIS: "http://localhost:6379" })).toEqual(
      refused(
        'WORKBOOK_REDIS is "http://localhost:6379": its scheme is http:// and must be redis:// or rediss://.',
        `Next: ${setWorkbookRedis("redis://127.0.0.1:6379/1")}`,
      ),
    );
  });

  test("cannot be reached", async () => {
    const port = await findFreePort();
    expect(await run("lesson 1", { WORKBOOK_REDIS: `redis://127.0.0.1:${port}` })).toEqual(
      refused(
        `WORKBOOK_REDIS is redis://127.0.0.1:${port}: nothing listens on 127.0.0.1, port ${port}.`,
        `Next: ${unsetWorkbookRedis()}`,
      ),
    );
  });

  test("is not empty: nothing in it is touched", async () => {
    await using lent = await provideRedis({ purpose: "try", environment: { PATH: "" } });
    await lent.command("MSET", "a", "1", "b", "2");
    expect(await run("lesson 1", { WORKBOOK_REDIS: lent.url })).toEqual(
      refused(
        `WORKBOOK_REDIS is ${lent.url}: its database 0 is not empty (2 keys). The workbook uses only an empty one.`,
        `Next: ${setWorkbookRedis(`${lent.url}/1`)}`,
      ),
    );
    expect(await lent.command("MGET", "a", "b")).toEqual(["1", "2"]);
    expect(await lent.command("DBSIZE")).toBe(2);
  });

  test("is used, and left empty", async () => {
    await using lent = await provideRedis({ purpose: "try", environment: { PATH: "" } });
    await lent.command("SET", "theirs", "1");
    const { code, stdout, stderr } = await run("lesson 1 yes", {
      WORKBOOK_REDIS: `${lent.url}/1`,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(inOneLine(stdout)).toMatch(
      played(`Redis: yours, version ${lent.version}, at ${lent.url}/1 (WORKBOOK_REDIS)`),
    );
    await lent.command("SELECT", "1");
    expect(await lent.command("DBSIZE")).toBe(0);
  });

  test.skipIf(!hasRedisServer)("has a wrong password", async () => {
    await using lent = await provideRedis({
      purpose: "try",
      environment: { ...process.env, WORKBOOK_REDIS: "server" },
    });
    await lent.command("CONFIG", "SET", "requirepass", "s3cret");
    const wrong = lent.url.replace("//", "//:guess@");
    expect(await run("lesson 1", { WORKBOOK_REDIS: wrong })).toEqual(
      refused(
        `WORKBOOK_REDIS is ${wrong.replace("guess", "***")}: this Redis refuses the password (WRONGPASS invalid username-password pair or user is disabled.).`,
        `Next: ${setWorkbookRedis(lent.url.replace("//", "//:PASSWORD@"))}`,
      ),
    );
  });

  test("asks for a server, and there is none", async () => {
    expect(await run("lesson 1", { PATH: "", WORKBOOK_REDIS: "server" })).toEqual(
      refused(
        'WORKBOOK_REDIS is "server": no redis-server or valkey-server is on your PATH.',
        `Next: ${setWorkbookRedis("embedded")}`,
      ),
    );
  });
});

describe.concurrent(
  "a Redis that is passed over is named, and the lesson plays",
  { timeout },
  () => {
    test("a REDIS_URL in the environment", async () => {
      const { code, stdout } = await run("lesson 1 yes", {
        REDIS_URL: "redis://example.com:6379",
        WORKBOOK_REDIS: "embedded",
      });
      expect(code).toBe(0);
      expect(inOneLine(stdout)).toMatch(
        played(
          embedded("WORKBOOK_REDIS asks for it"),
          "REDIS_URL is set and ignored: it may be somebody's real database. WORKBOOK_REDIS would be used.",
        ),
      );
    });

    test.skipIf(isWindows)("a redis-server that does not start", async () => {
      const script = "#!/bin/sh\necho 'cannot do that' >&2\nexit 3\n";
      await using fake = pathWith("redis-server", script);
      const { code, stdout } = await run("lesson 1 yes", { PATH: fake.path });
      expect(code).toBe(0);
      expect(inOneLine(stdout)).toMatch(
        played(
          embedded("no usable redis-server on your PATH"),
          `${fake.file} is passed over: it ended at once (exit code 3): cannot do that.`,
        ),
      );
    });

    test.skipIf(isWindows)("a redis-server that is too old", async () => {
      const script = `#!${process.execPath}
require("node:net").createServer((socket) => socket.on("data", (data) => {
  const info = "redis_version:6.2.14\\r\\n";
  for (const command of String(data).match(/\\$\\d+\\r\\n(PING|HELLO|INFO)/gi) ?? [])
    socket.write(/PING/i.test(command) ? "+PONG\\r\\n" : /HELLO/i.test(command) ? "-ERR unknown command\\r\\n" : "$" + info.length + "\\r\\n" + info + "\\r\\n");
})).listen(Number(process.argv[process.argv.indexOf("--port") + 1]), "127.0.0.1");`;
      await using fake = pathWith("redis-server", script);
      const { code, stdout } = await run("lesson 1 yes", { PATH: fake.path });
      expect(code).toBe(0);
      expect(inOneLine(stdout)).toMatch(
        played(
          embedded("no usable redis-server on your PATH"),
          `${fake.file} is passed over: it is version 6.2.14, and 7.0 or later is needed.`,
        ),
      );
    });
  },
);

describe.concurrent("places", { timeout }, () => {
  test("two runs in the same folder, whose name has a blank, do not disturb each other", async () => {
    const both = await Promise.all([
      run("lesson 1 yes", { WORKBOOK_REDIS: "embedded" }),
      run("lesson 1 yes"),
    ]);
    for (const { code, stdout, stderr } of both) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(inOneLine(stdout)).toMatch(played("Redis: …"));
    }
  });

  test("a port that is taken: another one is used, and that is said", async () => {
    let server = createServer();
    // A program of another test may have it and give it back; whoever keeps it does as well as we.
    const holdPort = async () => {
      server = createServer();
      return await new Promise<boolean>((resolve) => {
        server.once("error", () => resolve(false));
        server.listen(3000, "127.0.0.1", () => resolve(true));
      });
    };
    await waitUntil(holdPort, 30_000);
    await using room = openRoom();
    {
      const args = ["start", "lesson", "1"];
      await using app = startWorkbook(copy.root, args, { ...room.environment });
      await app.see(
        /\nLesson 1: A tiny lesson\n {2}http:\/\/localhost:(?!3000)\d+ {2}\(port 3000 is taken\)\n\nRedis: /,
      );
      app.kill("SIGINT");
      expect(await app.ended).toMatchObject({ code: 130, stderr: "" });
    }
    expect(await room.leftovers()).toEqual([]);
    server.close();
  });

  test.skipIf(isWindows)("a folder that is read-only: nothing breaks, and it is said", async () => {
    await using own = copyWorkbook();
    const before = readdirSync(own.root).toSorted();
    chmodSync(path.dirname(own.root), 0o755);
    for (const each of readdirSync(own.root, { recursive: true, encoding: "utf8" })) {
      if (!each.startsWith("node_modules")) chmodSync(own.at(each), 0o555);
    }
    chmodSync(own.root, 0o555);
    await using room = openRoom();
    chmodSync(room.environment.TMPDIR, 0o777);
    // To root nothing is read-only.
    const user = process.getuid?.() === 0 ? 65_534 : undefined;
    const read = async (command: string) =>
      await runWorkbook(own.root, command.split(" "), { ...room.environment }, user);

    const lesson = await read("lesson 1 yes");
    expect(lesson).toMatchObject({ code: 0, stderr: "" });
    expect(inOneLine(lesson.stdout)).toMatch(played("Redis: …"));

    const doctor = await read("doctor");
    expect(doctor.code).toBe(1);
    expect(inOneLine(doctor.stdout)).toContain(
      `✗ Progress .workbook cannot be written (EACCES): progress and reports are not kept → Give yourself the right to write in ${own.root}`,
    );

    writeFileSync(own.at("exercises/rate-limit/app.ts"), "// mine\n");
    expect(await read("reset rate-limit")).toEqual(
      refused(
        "Your work could not be copied to .workbook/copies/rate-limit: it is read-only. Your work has not been touched.",
        "Next: make room or allow writing, then npm run reset rate-limit",
      ),
    );
    expect(readFileSync(own.at("exercises/rate-limit/app.ts"), "utf8")).toBe("// mine\n");

    const hint = await read("hint rate-limit 1");
    expect(hint).toMatchObject({
      code: 0,
      stderr: "Your progress could not be kept in .workbook: the folder is read-only.\n",
    });
    expect(hint.stdout).toMatch(/^1\. [^]*Hint 1 of /);

    expect(readdirSync(own.root).toSorted()).toEqual(before);
    for (const each of readdirSync(own.root, { recursive: true, encoding: "utf8" })) {
      if (!each.startsWith("node_modules")) chmodSync(own.at(each), 0o755);
    }
    chmodSync(own.root, 0o755);
    expect(await room.leftovers()).toEqual([]);
  });
});
