import { UnknownName } from "../expect/names.ts";
import type { Block, Lesson, Step } from "../lesson.ts";
import type { LessonEvent, Trouble } from "../lesson-event.ts";
import { checkChart, checkOutput, checkSaw, playRedis } from "./play-checks.ts";
import { playActions } from "./play-do.ts";
import { playHttp } from "./play-http.ts";
import type { Stage } from "./stage.ts";
import { createStepState, type StepState } from "./step-state.ts";

const SHOWN = new Set<Block["kind"]>(["prose", "code", "diagram", "ask"]);

/** What a step needs beside the stage. */
export interface StepContext {
  readonly lesson: Lesson;
  readonly stage: Stage;
  /** Nobody looks: questions and views are left out. */
  readonly silent: boolean;
  /** What the learner chose since it was last asked for. */
  readonly takeChoice: () => number | undefined;
  /** A block begins: nothing else may change the stage until it is left. */
  readonly enter: () => Promise<void>;
  readonly leave: () => void;
}

/** Plays the blocks of a step in the order of the text. */
export async function* playStep(
  step: Step,
  context: StepContext,
): AsyncGenerator<LessonEvent, void, undefined> {
  const state = createStepState(context.silent);
  for (const [at, block] of step.blocks.entries()) {
    await context.enter();
    try {
      if (!SHOWN.has(block.kind)) yield* findTroubles(await context.stage.ready(), context, state);
      yield* playBlock(block, context, state);
    } catch (error) {
      if (!(error instanceof UnknownName)) throw error;
      yield { kind: "trouble", message: error.message, details: [] };
    } finally {
      context.leave();
    }
    if (block.kind === "ask" && !context.silent)
      state.question = { ...truthOf(block), chosen: context.takeChoice() };
    const next = step.blocks[at + 1];
    // All that follows without a word in between is evidence.
    const isShown = !SHOWN.has(block.kind) && (next === undefined || SHOWN.has(next.kind));
    if (state.question !== undefined && isShown) {
      yield state.question;
      state.question = undefined;
    }
  }
}

/** A program that does not run is shown in full once, and named in each step that would need it. */
function* findTroubles(
  troubles: readonly Trouble[],
  { stage, silent }: StepContext,
  { reminded }: StepState,
): Generator<Trouble, void, undefined> {
  for (const trouble of troubles) {
    if (reminded.has(trouble)) continue;
    reminded.add(trouble);
    const isKnown = stage.shownTroubles.has(trouble);
    yield isKnown ? { ...trouble, message: `As before: ${trouble.message}`, details: [] } : trouble;
    if (!silent) stage.shownTroubles.add(trouble);
  }
}

function truthOf({ choices, right }: Extract<Block, { kind: "ask" }>): {
  kind: "truth";
  choices: readonly string[];
  right: number;
} {
  return { kind: "truth", choices, right };
}

async function* playBlock(
  block: Block,
  context: StepContext,
  state: StepState,
): AsyncGenerator<LessonEvent, void, undefined> {
  const { stage, lesson } = context;
  switch (block.kind) {
    case "prose":
      yield { kind: "prose", markdown: block.markdown };
      return;
    case "code": {
      const { kind, language, text, source } = block;
      yield { kind, language, text, ...(source === undefined ? {} : { source }) };
      return;
    }
    case "diagram":
      yield { kind: "diagram", mermaid: block.mermaid, text: block.text };
      return;
    case "ask":
      if (context.silent) return;
      yield { kind: "question", question: block.question, choices: block.choices };
      return;
    case "http":
      yield* playHttp(block, { stage, state }, context);
      return;
    case "saw":
      yield checkSaw(block, stage, state);
      return;
    case "redis":
      yield* playRedis(block, stage);
      return;
    case "time":
      await stage.travel(block.ms);
      yield { kind: "time", ms: block.ms, text: block.text };
      return;
    case "do":
      yield* playActions(block, { stage, state, actionsFile: lesson.actions });
      return;
    case "output":
      yield checkOutput(block, stage, state);
      return;
    case "chart":
      yield checkChart(block, state);
      return;
  }
}
