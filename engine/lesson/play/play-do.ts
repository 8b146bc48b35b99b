import { deferred } from "../../process/deferred.ts";
import type { Action, DoBlock } from "../lesson.ts";
import type { LessonEvent, Trouble } from "../lesson-event.ts";
import { putIn } from "../expect/names.ts";
import { readChart } from "./read-chart.ts";
import { type FinishedRun, runProgram } from "./run-program.ts";
import type { Stage } from "./stage.ts";
import type { StepState } from "./step-state.ts";

const RUN_DEADLINE_MS = 120_000;

/** What the actions of a step need. */
export interface ActionSetting {
  readonly stage: Stage;
  readonly state: StepState;
  /** The program behind `act`. */
  readonly actionsFile: string | undefined;
}

/** Does the actions of a block, one after the other or the first beside the others. */
export async function* playActions(
  { actions, together }: DoBlock,
  setting: ActionSetting,
): AsyncGenerator<LessonEvent, void, undefined> {
  if (together) {
    yield* playTogether(actions, setting);
    return;
  }
  for (const [at, action] of actions.entries()) {
    if (action.kind === "start") startTogether(actions.slice(at), setting.stage);
    yield* playAction(action, setting);
  }
}

/** The first runs; once it has printed a line, the others are done while it goes on. */
async function* playTogether(
  [first, ...others]: readonly Action[],
  setting: ActionSetting,
): AsyncGenerator<LessonEvent, void, undefined> {
  if (first?.kind !== "run" && first?.kind !== "act") return;
  const begun = performance.now();
  const hasBegun = deferred<undefined>();
  const running = begin(first, setting, () => hasBegun.resolve(undefined));
  running.catch(() => {});
  const { text } = first;
  const meaning = explain(first, setting);
  yield { kind: "action-begins", text, meaning };
  await Promise.race([hasBegun.promise, running]);
  for (const action of others) yield* playAction(action, setting, { isMeanwhile: true });
  yield* showRun(first, await running, { state: setting.state, from: text });
  yield { kind: "action-done", text, meaning, durationMs: performance.now() - begun };
}

/** Programs whose starts follow each other start at the same time: each takes a while. */
function startTogether(actions: readonly Action[], stage: Stage): void {
  for (const action of actions) {
    if (action.kind !== "start") return;
    const slot = stage.slots.get(action.app);
    if (slot?.wanted === false) slot.start();
  }
}

/**
 * Does one action.
 * @param options.isMeanwhile another one is under way
 */
async function* playAction(
  action: Action,
  setting: ActionSetting,
  { isMeanwhile = false }: { isMeanwhile?: boolean } = {},
): AsyncGenerator<LessonEvent, void, undefined> {
  const { stage, state } = setting;
  const begun = performance.now();
  const { text } = action;
  const explained = explain(action, setting);
  let meaning = isMeanwhile ? `meanwhile: ${explained}` : explained;
  yield { kind: "action-begins", text, meaning };
  let trouble: Trouble | undefined;
  if (action.kind === "run" || action.kind === "act") {
    yield* showRun(action, await begin(action, setting), { state });
  } else if (action.kind === "topology") {
    // A command under way would be lost with the Redis or not: by luck.
    if (!isMeanwhile) await stage.quiet();
    try {
      const result = await stage.changeTopology(action.verb, action.target);
      meaning = `${isMeanwhile ? "meanwhile: " : ""}${action.says === undefined ? "" : `${action.says}: `}${result}`;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      trouble = { kind: "trouble", message: `${text} failed: ${message}.`, details: [] };
    }
  } else {
    trouble = await act(action, stage);
  }
  if (trouble === undefined) {
    yield { kind: "action-done", text, meaning, durationMs: performance.now() - begun };
  } else {
    // What it should have done has not come about.
    if (!state.silent) stage.shownTroubles.add(trouble);
    state.reminded.add(trouble);
    yield trouble;
  }
}

async function act(
  action: Exclude<Action, { kind: "run" | "act" | "topology" }>,
  stage: Stage,
): Promise<Trouble | undefined> {
  switch (action.kind) {
    case "start":
    case "stop":
    case "restart": {
      const slot = stage.slots.get(action.app);
      if (action.kind !== "start") {
        await stage.quiet();
        await slot?.stop();
      }
      if (action.kind === "stop") return undefined;
      if (slot?.wanted === false) slot.start();
      return await slot?.ready();
    }
    case "cut":
    case "stall":
      await stage.quiet();
      await stage.changeRedis(action.kind);
      return undefined;
    case "restore":
      await stage.changeRedis("restore");
      await stage.reconnected();
      return undefined;
    case "close":
      stage.browser(action.browser).closeAndReopen();
      return undefined;
    case "forget":
      stage.browser(action.browser).clear();
      return undefined;
  }
}

type Run = Extract<Action, { kind: "run" | "act" }>;

/** Runs the file to its end. */
async function begin(
  action: Run,
  { stage, actionsFile }: ActionSetting,
  onFirstLine?: () => void,
): Promise<FinishedRun> {
  const args = action.kind === "act" ? action.args.map((arg) => putIn(arg, stage.names)) : [];
  return await runProgram({
    folder: stage.folder,
    file: action.kind === "run" ? action.file : (actionsFile ?? ""),
    args,
    environment: await stage.runEnvironment(),
    offsetMs: stage.offsetMs,
    deadlineMs: RUN_DEADLINE_MS,
    ...(onFirstLine === undefined ? {} : { onFirstLine }),
  });
}

/** What it printed, and what went wrong with it. */
function* showRun(
  action: Run,
  finished: FinishedRun,
  { state, from }: { state: StepState; from?: string },
): Generator<LessonEvent, void, undefined> {
  const lines: string[] = [];
  state.charts = [];
  for (const line of finished.lines) {
    const chart = readChart(line);
    if (chart === undefined) lines.push(line);
    else state.charts.push(chart);
  }
  const { exitCode } = finished;
  state.output = exitCode === 0 ? lines : [...lines, `(exit ${exitCode})`];
  if (lines.length > 0 || exitCode !== 0) {
    yield { kind: "output", lines, exitCode, ...(from === undefined ? {} : { from }) };
  }
  yield* state.charts;
  if (finished.wasEnded) {
    yield {
      kind: "trouble",
      message: `${action.text} did not end within ${RUN_DEADLINE_MS / 1000} s and was ended.`,
      details: lines.slice(-5),
    };
  } else if (action.kind === "act" && exitCode !== 0) {
    yield {
      kind: "trouble",
      message: `${action.text} failed (exit ${exitCode}).`,
      details: lines.slice(-15),
    };
  }
}

/** What an action does, in words: those of the lesson, where it has some. */
function explain(action: Action, { stage, actionsFile }: ActionSetting): string {
  if (action.says !== undefined) return action.says;
  switch (action.kind) {
    case "start":
      return `${action.app} is started`;
    case "stop":
      return `${action.app} is stopped`;
    case "restart":
      return `${action.app} is killed and started again`;
    case "cut":
      return "Redis is gone: connections are refused";
    case "stall":
      return "Redis is stuck: it answers nothing";
    case "restore":
      return "Redis is back";
    case "close":
      return `${action.browser} closes the browser: cookies without an expiry date go`;
    case "forget":
      return `${action.browser}'s browser forgets all cookies`;
    case "run":
      return `${action.file} runs until it ends`;
    case "act":
      // What it stands for.
      return `runs ${[actionsFile, ...action.args.map((arg) => putIn(arg, stage.names))].join(" ")}`;
    case "topology":
      return action.text;
  }
}
