import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { repository } from "../../../engine/catalog/repository.ts";
import { hasPty, openPty } from "./open-pty.ts";
import { runWorkbook } from "./run-workbook.ts";

async function wordsAfter(...words: string[]): Promise<string[]> {
  const { code, stdout } = await runWorkbook(repository, ["complete", "--", ...words]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  // The last line tells the shell not to offer names of files.
  expect(lines.pop()).toBe(":4");
  return lines.map((line) => line.split("\t")[0] ?? "");
}

test("what may come next is answered", async () => {
  expect(await wordsAfter("run", "wa")).toEqual(["watch"]);
  expect(await wordsAfter("run", "watch", "ra")).toEqual(["rate-limit"]);
  expect(await wordsAfter("run", "watch", "rate-limit", "")).toEqual([]);
  expect(await wordsAfter("run", "lesson", "1")).toEqual(["1", "10"]);
  expect(await wordsAfter("test", "exercises/r")).toEqual([
    "exercises/rate-limit",
    "exercises/remember-me",
  ]);
  expect(await wordsAfter("start", "l")).toEqual(["lesson"]);
  expect(await wordsAfter("start", "lesson", "10")).toEqual(["10"]);
  expect(await wordsAfter("run", "reset", "analytics", "r")).toEqual(["restore"]);
  expect(await wordsAfter("install", "")).toEqual([]);
});

test("in a folder outside of the workbook nothing is answered", () => {
  const args = [`${repository}/engine/start.mjs`, "complete", "--", "run", ""];
  const said = execFileSync(process.execPath, args, { cwd: tmpdir(), encoding: "utf8" });
  expect(said).toBe(":4\n");
});

test("another shell is refused, with what to type", async () => {
  const { code, stderr } = await runWorkbook(repository, ["complete", "tcsh"]);
  expect(code).toBe(2);
  expect(stderr).toBe(
    '"tcsh" is no shell that it knows. They are bash, zsh, fish, powershell.\nNext: source <(npm run --silent complete bash)\n',
  );
});

/** Debian's and Homebrew's place of what completions in bash are built on. */
const BASH_COMPLETION = [
  "/usr/share/bash-completion/bash_completion",
  "/opt/homebrew/etc/profile.d/bash_completion.sh",
].find((file) => existsSync(file));

describe.skipIf(!hasPty())("the Tab key, after the line of the README", () => {
  const shells = {
    bash: {
      command: ["bash", "--norc", "-i"],
      first: `source ${BASH_COMPLETION}; source <(npm run --silent complete bash)`,
      isThere: BASH_COMPLETION !== undefined && has("bash"),
    },
    zsh: {
      command: ["zsh", "-f", "-i"],
      first: "autoload -U compinit; compinit -D; source <(npm run --silent complete zsh)",
      isThere: has("zsh"),
    },
  };
  for (const [name, { command, first, isThere }] of Object.entries(shells)) {
    if (!isThere) console.warn(`Completion in ${name} is not tested: it is not here.`);
    test.skipIf(!isThere)(name, { timeout: 60_000 }, async () => {
      await using pty = openPty(repository, [], { command });
      pty.type(`${first}; echo "re"ady\r`);
      await pty.see(/^ready/m);
      pty.clear();
      pty.type("npm run watch ra\t");
      await pty.see("rate-limit");
      pty.type("\u0015npm test exercises/an\t");
      await pty.see("exercises/analytics");
    });
  }
});

const hasFish = has("fish");
if (!hasFish) console.warn("Completion in fish is not tested: it is not here.");
test.skipIf(!hasFish)("fish, asked for what it would offer", { timeout: 60_000 }, () => {
  const ask = 'npm run --silent complete fish | source; complete -C "npm run watch ra"';
  const said = execFileSync("fish", ["--no-config", "-c", ask], {
    cwd: repository,
    encoding: "utf8",
    // What fish knows of npm by itself complains that there is no terminal.
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(said).toBe("rate-limit\tLimit failed logins\n");
});

function has(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "exit 0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
