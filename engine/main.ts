import { fileURLToPath } from "node:url";
import { UserError } from "./errors.ts";

type Run = (args: readonly string[]) => Promise<number>;

/** Each command loads what it uses, and nothing else: starting quickly is a feature. */
const commands: Readonly<Record<string, () => Promise<Run>>> = {
  lesson: async () => (await import("./commands/lesson.ts")).runLesson,
  doctor: async () => (await import("./commands/doctor.ts")).runDoctor,
  test: async () => (await import("./commands/test.ts")).runTest,
  start: async () => (await import("./commands/start.ts")).runStart,
  reset: async () => (await import("./commands/reset.ts")).runReset,
  diff: async () => (await import("./commands/diff.ts")).runDiff,
  update: async () => (await import("./commands/update.ts")).runUpdate,
  progress: async () => (await import("./commands/progress.ts")).runProgress,
  watch: async () => (await import("./commands/watch.ts")).runWatch,
  hint: async () => (await import("./commands/hint.ts")).runHint,
  check: async () => (await import("./commands/check.ts")).runCheck,
  mutate: async () => (await import("./commands/mutate.ts")).runMutate,
  flake: async () => (await import("./commands/flake.ts")).runFlake,
  bench: async () => (await import("./commands/bench.ts")).runBench,
  parity: async () => (await import("./commands/parity.ts")).runParity,
  record: async () => (await import("./commands/record.ts")).runRecord,
  redis: async () => (await import("./commands/redis.ts")).runRedis,
  complete: async () => (await import("./commands/complete.ts")).runComplete,
  picture: async () => (await import("./commands/picture.ts")).runPicture,
};

/** Options are bare words; npm takes `--only 7` for itself and passes it on like this. */
const SWALLOWED_WORDS = ["all", "json", "yes", "list"] as const;

// A reader that has seen enough (`npm run lesson | head`) is no error of anybody.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

const [name = "", ...args] = process.argv.slice(2);
// Not process.exit: what was printed must reach the reader first.
process.exitCode = await run(name, [...args, ...swallowedWords(args)]);

async function run(command: string, words: readonly string[]): Promise<number> {
  try {
    const load = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (load === undefined) throw await unknownCommand(command);
    return await (
      await load()
    )(words);
  } catch (error) {
    if (error instanceof UserError) {
      console.error(error.message);
      if (error.hint !== undefined) console.error(`Next: ${error.hint}`);
      return error.exitCode;
    }
    console.error("This is a bug of the workbook, not of yours. What happened:\n");
    for (const each of withSuppressed(error)) {
      console.error(each instanceof Error ? await inSources(each.stack ?? each.message) : each);
    }
    return 70;
  }
}

/** What clearing up has thrown as well hides what happened first: both are told. */
function withSuppressed(error: unknown): unknown[] {
  if (!(error instanceof Error && "suppressed" in error && "error" in error)) return [error];
  return [error.suppressed, error.error].flatMap(withSuppressed);
}

/** The places of a stack where they were written, not where they stand in the bundle. */
async function inSources(stack: string): Promise<string> {
  const bundle = /file:[^\s()]+\/commands-[\w-]+(?=\/)/.exec(stack)?.[0];
  if (bundle === undefined) return stack;
  const { mapPlaces } = await import("./grader/build/map-places.ts");
  return mapPlaces(fileURLToPath(bundle))(stack);
}

function swallowedWords(given: readonly string[]): string[] {
  const words: string[] = [];
  for (const word of SWALLOWED_WORDS) {
    if (process.env[`npm_config_${word}`] === "true" && !given.includes(word)) words.push(word);
  }
  const only = process.env["npm_config_only"] ?? "";
  // npm keeps the option and its value, `--only=7`, or the option alone, `--only 7`.
  if (/^[\d,]+$/.test(only) && !given.includes("only")) words.push("only", only);
  return words;
}

async function unknownCommand(command: string): Promise<UserError> {
  if (command === "") return new UserError("Which command?", { hint: "npm run lesson" });
  const { closest } = await import("fastest-levenshtein");
  const near = closest(command, Object.keys(commands));
  return new UserError(`There is no command "${command}". Did you mean ${near}?`, {
    hint: `npm run ${near}`,
  });
}
