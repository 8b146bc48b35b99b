import { readFile } from "node:fs/promises";
import path from "node:path";
import { RootCommand, script } from "@bomb.sh/tab";
import { listExercises } from "../catalog/list-exercises.ts";
import { listLessons } from "../catalog/list-lessons.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"];
const START = path.join(repository, "engine", "start.mjs");

/** What may stand after a command: one list for each place. */
type Places = readonly (readonly (readonly [value: string, description: string])[])[];

/**
 * `npm run --silent complete <shell>` prints a script after which this shell completes what follows `npm` in
 * the workbook. The script asks `complete -- <words>`, and gets a line for each word that may come next.
 * @throws UserError for another shell
 */
export async function runComplete(args: readonly string[]): Promise<number> {
  const [shell = "", ...words] = args;
  if (shell === "--") {
    await answer(words);
    return 0;
  }
  if (!SHELLS.includes(shell)) {
    throw new UserError(
      `${shell === "" ? "Which shell?" : `"${shell}" is no shell that it knows.`} They are ${SHELLS.join(", ")}.`,
      { hint: "source <(npm run --silent complete bash)" },
    );
  }
  script(shell, "npm", `node ${inQuotes(START)}`);
  return 0;
}

async function answer(words: readonly string[]): Promise<void> {
  const root = new RootCommand();
  // The shell asks in every folder; elsewhere npm means something else.
  const here = path.relative(repository, process.cwd());
  if (!here.startsWith("..") && !path.isAbsolute(here)) {
    for (const [command, places] of await listCommands()) {
      const known = root.command(command, "");
      for (const [at, place] of places.entries()) {
        known.argument(String(at), (complete) => {
          for (const [value, description] of place) complete(value, description);
        });
      }
    }
  }
  root.parse([...words]);
}

async function listCommands(): Promise<ReadonlyMap<string, Places>> {
  const [exercises, lessons, scripts] = await Promise.all([
    listExercises(),
    listLessons(),
    listScripts(),
  ]);
  const slugs = exercises.map(({ slug, title }) => [slug, title] as const);
  const numbers = lessons.map(({ number, title }) => [String(number), title] as const);
  const folders = slugs.map(([slug, title]) => [`exercises/${slug}`, title] as const);
  const all = ["exercises", "all of them, a line each"] as const;
  const places: Readonly<Record<string, Places>> = {
    lesson: [numbers],
    test: [[...folders, all], ["all", "only", "seed"].map((word) => [word, ""])],
    start: [slugs, [["check", "with the settings of a check"]]],
    watch: [slugs],
    hint: [slugs, [["list", "the hints read so far"]]],
    diff: [slugs],
    reset: [slugs, ["restore", "list"].map((word) => [word, ""])],
    update: [slugs],
    progress: [[["json", ""]]],
    complete: [SHELLS.map((shell) => [shell, ""])],
  };
  return new Map([
    // Of two words none is found without the first.
    ["run", []],
    ...scripts.map((name) => [`run ${name}`, places[name] ?? []] as const),
    ...["test", "start"].map((name) => [name, places[name] ?? []] as const),
    ...["start lesson", "run start lesson"].map((name) => [name, [numbers]] as const),
  ]);
}

async function listScripts(): Promise<string[]> {
  const text = await readFile(path.join(repository, "package.json"), "utf8");
  const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, string> };
  return Object.keys(scripts);
}

/** As all four shells read it: the script runs it as a text. */
function inQuotes(file: string): string {
  return /^[\w./:\\-]+$/.test(file) ? file : `'${file}'`;
}
