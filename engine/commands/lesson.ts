import { findLesson } from "../catalog/find-lesson.ts";
import type { LessonEntry } from "../catalog/lesson-entry.ts";
import { listLessons } from "../catalog/list-lessons.ts";
import { repository } from "../catalog/repository.ts";
import { findObstacles } from "../doctor/find-obstacles.ts";
import { UserError } from "../errors.ts";
import type { LessonSession } from "../lesson/lesson-event.ts";
import { readProgress } from "../progress/read-progress.ts";
import { updateProgress } from "../progress/update-progress.ts";
import { openTerminal, type Terminal } from "../terminal/terminal.ts";

const WORDS = ["yes", "slow"] as const;

/**
 * `npm run lesson`, `npm run lesson 3 [step] [yes] [slow]`. Straight through (`yes`, or no terminal)
 * it answers 1 when something that the lesson states does not hold.
 * @throws UserError for an unknown lesson or step, a document with mistakes, a Redis that cannot be had
 */
export async function runLesson(args: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  const [word, ...rest] = args.filter((each) => !isWord(each));
  if (word === undefined) {
    await printList(terminal);
    return 0;
  }
  const entry = await findLesson(word);
  const { openLesson } = await import("../lesson/open-lesson.ts");
  const isStraight = args.includes("yes") || !terminal.isInteractive;
  await using session = await openLesson({ folder: entry.folder, watch: !isStraight });
  const from = readStep(rest, entry, session.lesson.steps.length);
  if (isStraight) {
    if (args.includes("slow")) {
      const why = terminal.isInteractive ? "with yes" : "without a terminal";
      terminal.writeLines([
        terminal.style.warn(`slow waits for Enter; ${why} the lesson plays straight through.`),
      ]);
    }
    const { printTranscript } = await import("../terminal/lesson/print-transcript.ts");
    const layout = terminal.isInteractive ? "framed" : "plain";
    return (await printTranscript(session, terminal, { from, layout })) === 0 ? 0 : 1;
  }
  await play(entry, session, terminal, { from, isSlow: args.includes("slow") });
  return 0;
}

async function play(
  entry: LessonEntry,
  session: LessonSession,
  terminal: Terminal,
  { from, isSlow }: { from: number; isSlow: boolean },
): Promise<void> {
  const { playInteractively } = await import("../terminal/lesson/play-interactively.ts");
  const steps = session.lesson.steps.length;
  let saving: Promise<string | undefined> = Promise.resolve(undefined);
  await playInteractively({
    session,
    terminal,
    from,
    isSlow,
    ending: await whatComesNext(entry),
    onStepDone: (step) => {
      saving = saving.then(async () => await saveStep(entry.slug, step, steps));
    },
  });
  const warning = await saving;
  if (warning !== undefined) terminal.writeLines([terminal.style.warn(warning)]);
}

async function saveStep(slug: string, step: number, of: number): Promise<string | undefined> {
  const { warning } = await updateProgress(repository, (progress) => {
    const before = progress.lessons[slug];
    const done = before?.done === true || step === of;
    progress.lessons[slug] = { done, lastStep: step, at: new Date().toISOString() };
  });
  return warning;
}

async function whatComesNext({ number, exercise }: LessonEntry): Promise<string[]> {
  const following = (await listLessons()).find((lesson) => lesson.number > number);
  return [
    ...(exercise === undefined ? [] : [`Practise it:  npm test exercises/${exercise}`]),
    ...(following === undefined
      ? []
      : [`Next lesson:  npm run lesson ${following.number}  (${following.title})`]),
  ];
}

async function printList(terminal: Terminal): Promise<void> {
  const lessons = await listLessons();
  const [obstacles, { progress, warning }, { renderLessonList }] = await Promise.all([
    findObstacles(lessons, process.env),
    readProgress(repository),
    import("../terminal/lesson/render-lesson-list.ts"),
  ]);
  const { style } = terminal;
  if (warning !== undefined) terminal.writeLines([style.warn(warning), ""]);
  terminal.writeLines(
    renderLessonList(lessons, progress.lessons, terminal.columns(), style, obstacles),
  );
}

function isWord(word: string): boolean {
  return (WORDS as readonly string[]).includes(word);
}

/** @throws UserError when it is no step of the lesson */
function readStep(rest: readonly string[], { number }: LessonEntry, steps: number): number {
  const [word, ...more] = rest;
  if (more.length > 0) {
    throw new UserError(
      `"${rest.join(" ")}" is not understood: after the lesson come a step, and the words yes and slow.`,
      { hint: `npm run lesson ${number} 2` },
    );
  }
  if (word === undefined) return 1;
  const step = Number(word);
  if (Number.isInteger(step) && step >= 1 && step <= steps) return step;
  throw new UserError(`Lesson ${number} has the steps 1 to ${steps}; this is "${word}".`, {
    hint: `npm run lesson ${number}`,
  });
}
