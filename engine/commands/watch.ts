import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { readBehaviours } from "../catalog/content-rules/read-behaviours.ts";
import type { ExerciseEntry } from "../catalog/exercise-entry.ts";
import { findExercise } from "../catalog/find-exercise.ts";
import { listExercises } from "../catalog/list-exercises.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import type { CheckResult, Report } from "../grader/report.ts";
import { keepVerdict } from "../grader/watch/grade-and-keep.ts";
import { keepReport } from "../grader/watch/keep-report.ts";
import { startWarmGrader } from "../grader/watch/warm-grader.ts";
import { deferred } from "../process/deferred.ts";
import { readProgress } from "../progress/read-progress.ts";
import { type KeyReader, readKeys } from "../terminal/keys/read-keys.ts";
import { wrap } from "../terminal/layout.ts";
import { openTerminal, type Terminal } from "../terminal/terminal.ts";
import { problemLines } from "../terminal/watch/problem-lines.ts";
import { HINT_COMES, keysText, progressText, verdictText } from "../terminal/watch/watch-text.ts";
import { fingerprintFolder, listWork } from "../work/fingerprint-folder.ts";
import { exerciseAtHand } from "../work/exercise-at-hand.ts";
import { keepStarter } from "../work/keep-starter.ts";
import { findTwinFiles } from "../work/twin-files.ts";
import { watchFolder } from "../work/watch-folder.ts";
import { runDiff } from "./diff.ts";
import { showHint } from "./hint.ts";
import { runProgress } from "./progress.ts";
import { runStart } from "./start.ts";

/** Clears the screen and what was scrolled off it, and goes to its corner. */
const CLEAR = "\u001B[2J\u001B[3J\u001B[H";

/**
 * `npm run watch [exercise] [problems]`: grades on every save, until q or Ctrl-C. The word
 * `problems` adds a line for each failure that editors can read.
 * @throws UserError for an unknown exercise or word
 */
export async function runWatch(args: readonly string[]): Promise<number> {
  const words = args.filter((word) => word !== "problems");
  const [target, ...rest] = words;
  let exercise =
    target === undefined
      ? await exerciseAtHand("npm run watch")
      : await findExercise(target, { command: "npm run watch" });
  if (rest.length > 0) {
    throw new UserError(`"${rest.join(" ")}" is not understood: the only word is problems.`, {
      hint: `npm run watch ${exercise.slug}`,
    });
  }
  const hasProblems = words.length < args.length;
  for (;;) {
    const next = await watchOne(exercise, hasProblems);
    if (next === undefined) return 0;
    exercise = next;
  }
}

/** Answers the exercise to go on with; undefined: enough. */
async function watchOne(
  exercise: ExerciseEntry,
  hasProblems: boolean,
): Promise<ExerciseEntry | undefined> {
  const { slug, folder } = exercise;
  const terminal = openTerminal();
  const end = deferred<ExerciseEntry | undefined>();
  await keepStarter(repository, slug);
  await using grader = startWarmGrader({ repository, slug, folder });
  const { behaviours } = readBehaviours(
    await readFile(path.join(folder, "README.md"), "utf8").catch(() => ""),
  );
  /** Counts runs: what an older one has to say is not shown. */
  let run = 0;
  let report: Report | undefined;
  let firstFailing: number | undefined;
  let twins: readonly string[] = [];
  let wantsHint = false;
  /** Settles when the newest verdict is on the disk. */
  let kept: Promise<unknown> = Promise.resolve();
  /** Something else has the screen: the app, or the solution. */
  let isAway = false;
  let keys: KeyReader | undefined;

  const show = (text: string) => {
    if (isAway) return;
    terminal.write(`${terminal.isInteractive ? CLEAR : ""}${text}\n`);
  };
  const warned = (line: string) => wrap(terminal.style.warn(line), terminal.columns());
  const shownVerdict = (verdict: Report, all: boolean) =>
    [verdictText(verdict, all, terminal), ...twins.flatMap(warned)].join("\n");
  const showVerdict = (all: boolean, note = "") => {
    if (report === undefined) return;
    const below = note === "" ? [] : [note];
    show([shownVerdict(report, all), ...below, footer(report, terminal, keys)].join("\n\n"));
  };
  const grade = async (): Promise<void> => {
    const mine = (run += 1);
    report = undefined;
    const began = await fingerprintFolder(folder);
    if ((await listWork(folder)).length === 0) {
      grader.callOff();
      show(`${whatIsGone(exercise)}\n\n${footer(undefined, terminal, keys)}`);
      return;
    }
    let done = 0;
    let first: CheckResult | undefined;
    const progress = () =>
      show(progressText({ slug, done, all: behaviours.length, first, wantsHint }, terminal));
    progress();
    const found = await grader.grade({
      first: firstFailing,
      onEvent: ({ result }) => {
        if (mine !== run) return;
        done += 1;
        const isKnown = result.number === firstFailing;
        if (isKnown) first = result;
        if (terminal.isInteractive || isKnown) progress();
      },
    });
    if (found === undefined || mine !== run) return;
    // A save that no event has told of yet: this verdict would be one of older code.
    if ((await fingerprintFolder(folder)) !== began) return await grade();
    if (mine !== run) return;
    twins = await findTwinFiles(folder);
    if (mine !== run) return;
    report = found;
    // A program that does not start says nothing about its checks.
    if (found.verdict !== "could-not-be-graded") {
      firstFailing = found.results.find(({ passed }) => !passed)?.number;
    }
    showVerdict(false);
    if (hasProblems) {
      terminal.writeLines([...problemLines(found, behaviours, repository), `Graded ${slug}.`]);
    }
    const keeping = Promise.all([keepVerdict(repository, found), keepReport(repository, found)]);
    // Whoever waits for it waits no longer when it fails; that is told below.
    kept = keeping.catch(() => {});
    const [warning] = await keeping;
    if (warning !== undefined && mine === run && !isAway) terminal.writeLines([warning]);
    if (wantsHint && mine === run) await hint();
  };
  const hint = async () => {
    wantsHint = report === undefined;
    if (report === undefined) terminal.writeLines([HINT_COMES]);
    else if (report.verdict === "could-not-be-graded") {
      terminal.writeLines(["There is no hint for a program that does not start: mend that first."]);
    } else if (firstFailing === undefined) {
      showVerdict(false, "All behaviours hold: there is nothing left to hint at.");
    } else {
      // In place of the hints before it: each stands on the screen once.
      show(shownVerdict(report, false));
      terminal.writeLines([""]);
      await showHint(exercise, firstFailing);
      terminal.writeLines(["", footer(report, terminal, keys)]);
    }
  };
  /** Gives the screen and the keys to another command, and takes them back. */
  const leaveTo = async (other: () => Promise<unknown>) => {
    isAway = true;
    keys?.[Symbol.dispose]();
    try {
      await other();
    } finally {
      isAway = false;
      listen();
    }
  };
  const onKey = async (key: string): Promise<void> => {
    switch (key) {
      case "q":
        return end.resolve(undefined);
      case "r":
        return await grade();
      case "h":
        return await hint();
      case "a":
        return showVerdict(true, ofFailures(report));
      case "l":
        await kept;
        show("");
        await runProgress([], { saysNext: false });
        return terminal.writeLines(["", footer(report, terminal, keys, report !== undefined)]);
      case "n": {
        const next = await nextExercise(slug);
        if (next !== undefined) return end.resolve(next);
        return terminal.writeLines(["There is no other exercise that is open."]);
      }
      case "s":
        await leaveTo(async () => await runStart([slug], { quit: "back" }));
        return report === undefined ? await grade() : showVerdict(false);
      case "d":
        // That it has passed may not be on the disk yet, or not at all.
        return await leaveTo(
          async () => await runDiff(report?.verdict === "pass" ? [slug, "yes"] : [slug]),
        );
      case "enter":
      case "escape":
        return showVerdict(false);
    }
  };
  const guard = (work: Promise<unknown>) => {
    work.catch((error: unknown) => {
      if (error instanceof UserError) terminal.writeLines([error.message, ...nextLine(error)]);
      else end.reject(error instanceof Error ? error : new Error(String(error)));
    });
  };
  const listen = () => {
    keys = readKeys({
      onKey: (key) => guard(onKey(key)),
      onEnd: () => end.resolve(undefined),
      onResume: () => (report === undefined ? guard(grade()) : showVerdict(false)),
    });
  };
  const onResize = () => {
    if (!isAway) showVerdict(false);
  };

  listen();
  process.stdout.on("resize", onResize);
  try {
    await using watched = await watchFolder(folder, { onChange: () => guard(grade()) });
    // Nothing was saved while the watcher was started.
    if (run === 0 && watched.fingerprint !== undefined) guard(grade());
    return await end.promise;
  } finally {
    run += 1;
    process.stdout.off("resize", onResize);
    keys?.[Symbol.dispose]();
  }
}

function footer(
  report: Report | undefined,
  terminal: Terminal,
  keys: KeyReader | undefined,
  leadsBack = false,
): string {
  if (keys?.isListening === true) return keysText(report?.verdict, terminal, leadsBack);
  return "Waiting for the next save; Ctrl-C ends it.";
}

/** For who asks for all failures where there is no more to be shown than was shown before. */
function ofFailures(report: Report | undefined): string {
  if (report?.verdict === "pass") return "All behaviours hold: there is no failure to show.";
  const failing = report?.results.filter(({ passed }) => !passed) ?? [];
  return failing.length === 1 ? "That is the only failure." : "";
}

function whatIsGone({ slug, folder }: ExerciseEntry): string {
  const what = existsSync(folder) ? `exercises/${slug} is empty` : `exercises/${slug} is gone`;
  return `${what}. Waiting until there is something to grade.\nThe starter again: npm run reset ${slug}`;
}

/** The first after this one that has not passed; from the last one on from the beginning. */
async function nextExercise(slug: string): Promise<ExerciseEntry | undefined> {
  const [all, { progress }] = await Promise.all([listExercises(), readProgress(repository)]);
  const ready = all.filter(({ isReady }) => isReady);
  const at = ready.findIndex((each) => each.slug === slug);
  return [...ready.slice(at + 1), ...ready.slice(0, Math.max(0, at))].find(
    (each) => progress.exercises[each.slug]?.passedAt === undefined,
  );
}

function nextLine({ hint }: UserError): string[] {
  return hint === undefined ? [] : [`Next: ${hint}`];
}
