import type { Action } from "../lesson.ts";
import type { LessonEvent, Trouble } from "../lesson-event.ts";
import { putIn } from "../expect/names.ts";
import { readChart } from "./read-chart.ts";
import { runProgram } from "./run-program.ts";
import type { Stage } from "./stage.ts";
import type { StepState } from "./step-state.ts";

const RUN_DEADLINE_MS = 120_000;

/** Does the actions of a block, one after the other. */
export async function* playActions(
  actions: readonly Action[],
  stage: Stage,
  state: StepState,
  actionsFile: string | undefined,
): AsyncGenerator<LessonEvent, void, undefined> {
  for (const [at, action] of actions.entries()) {
    if (action.kind === "start") startTogether(actions.slice(at), stage);
    yield* playAction(action, stage, state, actionsFile);
  }
}

/** Programs whose starts follow each other start at the same time: each takes a while. */
function startTogether(actions: readonly Action[], stage: Stage): void {
  for (const action of actions) {
    if (action.kind !== "start") return;
    const slot = stage.slots.get(action.app);
    if (slot?.wanted === false) slot.start();
  }
}

/** Does one action. */
async function* playAction(
  action: Action,
  stage: Stage,
  state: StepState,
  actionsFile: string | undefined,
): AsyncGenerator<LessonEvent, void, undefined> {
  const begun = performance.now();
  const { text } = action;
  const meaning = explain(action);
  yield { kind: "action-begins", text, meaning };
  if (action.kind === "run" || action.kind === "act") {
    yield* runFile(action, stage, state, actionsFile);
  } else {
    const trouble = await act(action, stage);
    if (trouble !== undefined) yield trouble;
  }
  yield { kind: "action-done", text, meaning, durationMs: performance.now() - begun };
}

async function act(action: Action, stage: Stage): Promise<Trouble | undefined> {
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
    default:
      throw new Error(`No such action: ${action.kind}`);
  }
}

async function* runFile(
  action: Extract<Action, { kind: "run" | "act" }>,
  stage: Stage,
  state: StepState,
  actionsFile: string | undefined,
): AsyncGenerator<LessonEvent, void, undefined> {
  const args = action.kind === "act" ? action.args.map((arg) => putIn(arg, stage.names)) : [];
  const finished = await runProgram({
    folder: stage.folder,
    file: action.kind === "run" ? action.file : (actionsFile ?? ""),
    args,
    environment: await stage.runEnvironment(),
    offsetMs: stage.offsetMs,
    deadlineMs: RUN_DEADLINE_MS,
  });
  const lines: string[] = [];
  state.charts = [];
  for (const line of finished.lines) {
    const chart = readChart(line);
    if (chart === undefined) lines.push(line);
    else state.charts.push(chart);
  }
  const { exitCode } = finished;
  state.output = exitCode === 0 ? lines : [...lines, `(exit ${exitCode})`];
  if (lines.length > 0 || exitCode !== 0) yield { kind: "output", lines, exitCode };
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

function explain(action: Action): string {
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
      return `${action.file} runs to its end`;
    case "act":
      return action.args.join(" ");
    case "topology":
      return action.text;
  }
}
