import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { findExercise } from "../catalog/find-exercise.ts";
import { findLesson } from "../catalog/find-lesson.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import type { Exercise } from "../grader/exercise.ts";
import { chooseChecks, loadChecks, loadExercise } from "../grader/load-checks.ts";
import type { BrowserRequest } from "../http/browser.ts";
import { toCurl } from "../http/to-curl.ts";
import { createTemporaryFolder } from "../process/create-temporary-folder.ts";
import { deferred } from "../process/deferred.ts";
import { readKeys } from "../terminal/keys/read-keys.ts";
import { keysText, tryoutText } from "../terminal/start/tryout-text.ts";
import { openTerminal } from "../terminal/terminal.ts";
import { exercisePrograms } from "../tryout/exercise-programs.ts";
import { lessonPrograms } from "../tryout/lesson-programs.ts";
import { readKeysOfRedis } from "../tryout/read-keys-of-redis.ts";
import { startTryout, type Tryout } from "../tryout/start-tryout.ts";
import type { TriedProgram } from "../tryout/tried-program.ts";
import { exerciseAtHand } from "../work/exercise-at-hand.ts";
import { keepStarter } from "../work/keep-starter.ts";
import { findTwinFiles } from "../work/twin-files.ts";

/** What is to be tried: its programs, and requests to begin with. */
interface Subject extends AsyncDisposable {
  readonly title: string;
  readonly folder: string;
  readonly programs: readonly TriedProgram[];
  readonly requests: readonly (BrowserRequest & { readonly shows: string; readonly to?: string })[];
  /** Of its settings, where there is something to say of them. */
  readonly note?: string | undefined;
}

/**
 * `npm start rate-limit`, `npm start lesson 3`: runs the app to try it by hand, until Ctrl-C. After an exercise,
 * `check 14` gives the app the settings of that check, so that the curl lines of its report do the same.
 * @param quit what the key q does, in a word
 * @throws UserError for an unknown exercise, lesson or word, or when there is no Redis to be had
 */
export async function runStart(
  args: readonly string[],
  { quit = "quit" }: { readonly quit?: string } = {},
): Promise<number> {
  await using subject = await findSubject(args);
  const terminal = openTerminal();
  const say = (text: string) => terminal.write(`${text}\n`);
  const isOnly = subject.programs.length === 1;
  await using tryout = await startTryout({
    programs: subject.programs,
    folder: subject.folder,
    onEvent: (event) => say(tryoutText(event, terminal, isOnly)),
  });
  await using jar = createTemporaryFolder("start");
  const twins = await findTwinFiles(subject.folder);
  const lines = introduction(subject, tryout, twins, path.join(jar.path, "cookies"));
  say(lines);

  const end = deferred<void>();
  const onKey = async (key: string) => {
    if (key === "q") end.resolve();
    if (key === "r") await tryout.restart();
    if (key === "c") say(lines);
    if (key === "k") {
      const keys = await readKeysOfRedis(tryout.redis).catch((error: Error) => error);
      say(keys instanceof Error ? keys.message : keysText(keys, terminal));
    }
  };
  using keys = readKeys({
    onKey: (key) => void onKey(key),
    onEnd: () => end.resolve(),
  });
  const help = keys.isListening
    ? `Keys: k what is in Redis, c the curl lines again, r restart, q ${quit}`
    : "Ctrl-C ends it.";
  say(terminal.style.dim(help));
  await end.promise;
  return 0;
}

async function findSubject(args: readonly string[]): Promise<Subject> {
  const [first, second, ...rest] = args;
  const isLesson = first === "lesson" || first === "lessons";
  const isLikeCheck = !isLesson && second === "check";
  const more = isLesson || second === undefined ? rest : [second, ...rest];
  if (more.length > (isLikeCheck ? 2 : 0)) {
    throw new UserError(
      `"${more.join(" ")}" is not understood: npm start takes the name of an exercise, then perhaps check and a number, or the word lesson and its number.`,
      { hint: `npm start ${isLesson ? `lesson ${second}` : first}` },
    );
  }
  if (isLesson) {
    if (second === undefined) {
      throw new UserError("Which lesson is to be started?", { hint: "npm start lesson 1" });
    }
    return await lessonSubject(second);
  }
  if (first !== undefined && /^(\.[\\/])?lessons[\\/]/.test(first))
    return await lessonSubject(first);
  const entry =
    first === undefined
      ? await exerciseAtHand("npm start")
      : await findExercise(first, { command: "npm start" });
  await keepStarter(repository, entry.slug);
  const { folder, title, slug } = entry;
  const tests = path.join(repository, "tests", "exercises", slug);
  const { exercise, settings, note } = isLikeCheck
    ? await likeCheck(slug, tests, rest[0])
    : await likeReadme(slug, tests);
  return {
    title,
    folder,
    requests: exercise.tryIt.requests,
    note,
    ...exercisePrograms({ repository, exercise, folder, settings }),
  };
}

/** What an app is started with, and what to say of its settings. */
interface Trial {
  readonly exercise: Exercise;
  readonly settings: object;
  readonly note: string | undefined;
}

async function likeReadme(slug: string, tests: string): Promise<Trial> {
  const exercise = await loadExercise(tests);
  const { settings } = exercise.tryIt;
  const note = `The settings are those of the README. Checks have others: npm start ${slug} check 1`;
  const isSame = isDeepStrictEqual(settings, exercise.settings);
  return { exercise, settings, note: isSame ? undefined : note };
}

/** @throws UserError when the word is not the number of a check */
async function likeCheck(slug: string, tests: string, word = ""): Promise<Trial> {
  if (!/^\d+$/.test(word)) {
    const what = word === "" ? '"check" needs' : `"${word}" is not`;
    const where = word === "" ? " after it" : "";
    throw new UserError(`${what} the number of a behaviour${where}.`, {
      hint: `npm start ${slug} check 1`,
    });
  }
  const { exercise, checks } = await loadChecks(tests);
  const [one] = chooseChecks(slug, checks, [Number(word)], `npm start ${slug} check 1`);
  const settings = { ...exercise.settings, ...one?.options.settings };
  return { exercise, settings, note: `The settings of check ${word}: ${inWords(settings)}` };
}

/** `accountLimit 2, windowSeconds 900`. */
function inWords(settings: object): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

async function lessonSubject(word: string): Promise<Subject> {
  const lesson = await findLesson(word);
  const { folder, programs, title } = lesson;
  const runnable = programs.filter((file) => /\.[cm]?[jt]s$/.test(file));
  if (runnable.length === 0) {
    throw new UserError(`Lesson ${lesson.number} has no program of its own to start.`, {
      hint: `npm run lesson ${lesson.number}`,
    });
  }
  const named = runnable.map((file) => ({ name: path.parse(file).name, file }));
  return {
    title: `Lesson ${lesson.number}: ${title}`,
    folder,
    programs: lessonPrograms({ folder, programs: named }),
    requests: [{ shows: "its first page", method: "GET", path: "/" }],
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Where the app is reached, and lines to paste into a second terminal. */
function introduction(
  subject: Subject,
  tryout: Tryout,
  twins: readonly string[],
  jar: string,
): string {
  const urls = [...tryout.urls];
  const [first] = urls;
  const where = urls.map(([name, url]) => {
    const wished = subject.programs.find((program) => program.name === name)?.port;
    const isOther = wished !== undefined && new URL(url).port !== String(wished);
    const why = isOther ? `  (port ${wished} is taken)` : "";
    return `  ${urls.length === 1 ? "" : `${name}  `}${url}${why}`;
  });
  const curls = subject.requests.flatMap(({ shows, to, ...request }) => {
    const url = tryout.urls.get(to ?? "") ?? first?.[1] ?? "";
    return [`  # ${shows}`, `  ${withJar(toCurl(request, url, [], { shell: shell() }), jar)}`];
  });
  return [
    "",
    subject.title,
    ...where,
    ...twins,
    ...(subject.note === undefined ? [] : ["", subject.note]),
    "",
    tryout.redis.line,
    ...tryout.redis.notes,
    "",
    "Paste into a second terminal:",
    ...curls,
    "",
  ].join("\n");
}

/** curl keeps the cookies between the lines, as a browser would. */
function withJar(line: string, jar: string): string {
  const file = /^[\w./-]+$/.test(jar) ? jar : `'${jar}'`;
  return line.replace(/\bcurl(\.exe)? -i/, `curl$1 -i -b ${file} -c ${file}`);
}

/** Git Bash on Windows is no PowerShell. */
function shell(): "posix" | "powershell" {
  const isPosix = process.platform !== "win32" || (process.env["MSYSTEM"] ?? "") !== "";
  return isPosix ? "posix" : "powershell";
}
