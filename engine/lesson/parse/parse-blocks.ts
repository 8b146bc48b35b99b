import { PatternMistake, readPattern, saysSomething } from "../expect/pattern.ts";
import type { AskBlock, Block, ChartBlock, OutputBlock, RedisBlock, SawBlock } from "../lesson.ts";
import type { DocumentState } from "./document-state.ts";
import type { Fence } from "./split-document.ts";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `saw`: one command a line, or `(nothing)`. */
export function parseSaw(fence: Fence, state: DocumentState): SawBlock {
  const anyOrder = readAnyOrder(fence, state);
  const lines = nonEmptyLines(fence);
  for (const { text, line } of lines) state.usePattern(text, line);
  demandLiteral(fence, lines, state);
  const written = lines.map(({ text }) => text);
  return { kind: "saw", lines: written.join() === "(nothing)" ? [] : written, anyOrder };
}

/** `redis`: lines `> command`, each with the lines of its reply; of a topology also `redis on=sentinel1`. */
export function parseRedis(written: Fence, state: DocumentState): RedisBlock {
  const place = written.words.find((word) => word.startsWith("on="));
  const on = place?.slice("on=".length);
  if (on !== undefined) state.useNode(on, written.line);
  const fence = { ...written, words: written.words.filter((word) => word !== place) };
  const anyOrder = readAnyOrder(fence, state);
  const exchanges: { line: number; command: string; reply: string[] }[] = [];
  fence.text.split("\n").forEach((text, index) => {
    const line = fence.line + 1 + index;
    const command = /^> (.+)$/.exec(text)?.[1];
    const last = exchanges.at(-1);
    if (command !== undefined) {
      state.useNames(command, line);
      exchanges.push({ line, command: command.trim(), reply: [] });
    } else if (last !== undefined) {
      state.usePattern(text, line);
      last.reply.push(text);
    } else if (text.trim() !== "") {
      state.mistakes.add(
        line,
        "A redis block begins with a command.",
        "Write it after >, such as > TTL sess:$ada.sid.",
      );
    }
  });
  if (fence.text.trim() === "") {
    state.mistakes.add(fence.line, "The redis block has no command.", "Write one after >.");
  }
  for (const { line, command, reply } of exchanges) {
    while (reply.at(-1)?.trim() === "") reply.pop();
    if (reply.length === 0) {
      state.mistakes.add(
        line,
        `Nothing says what ${command} must answer.`,
        "Write the reply below it, as redis-cli prints it.",
      );
    } else {
      demandLiteral(
        fence,
        reply.map((text, at) => ({ text, line: line + 1 + at })),
        state,
      );
    }
  }
  return { kind: "redis", exchanges, anyOrder, on };
}

/** `time`: `+31m` in the block or in its first line. */
export function parseTime(fence: Fence, state: DocumentState): Block | undefined {
  const obstacle = state.whyNoTravel();
  if (obstacle !== undefined) {
    return state.mistakes.add(fence.line, obstacle, "Leave the time block out.");
  }
  const text = [...fence.words, fence.text.trim()].filter((part) => part !== "").join(" ");
  const [, amount, unit] = /^\+(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    return state.mistakes.add(
      fence.line,
      `${JSON.stringify(text)} is no time.`,
      "Write a plus, a number and one of ms, s, m, h, d: +31m.",
    );
  }
  const ms = Math.round(Number(amount) * UNITS[unit as keyof typeof UNITS]);
  return { kind: "time", line: fence.line, text, ms };
}

/** `output`: what a program printed, `(exit 1)` last. */
export function parseOutput(fence: Fence, state: DocumentState): OutputBlock {
  const lines = fence.text.split("\n").map((text, at) => ({ text, line: fence.line + 1 + at }));
  for (const { text, line } of lines) state.usePattern(text, line);
  demandLiteral(fence, lines, state);
  return { kind: "output", lines: lines.map(({ text }) => text) };
}

/** `ask`: a question, and choices of which one is right. */
export function parseAsk(fence: Fence, state: DocumentState): AskBlock | undefined {
  const lines = fence.text.split("\n");
  const first = lines.findIndex((line) => line.startsWith("- ["));
  const question = lines
    .slice(0, first < 0 ? undefined : first)
    .join("\n")
    .trim();
  const choices: { text: string; isRight: boolean }[] = [];
  lines.slice(first < 0 ? lines.length : first).forEach((text, at) => {
    const [, mark, choice] = /^- \[([ x])\] (.+)$/.exec(text) ?? [];
    const last = choices.at(-1);
    if (choice !== undefined) choices.push({ text: choice.trim(), isRight: mark === "x" });
    else if (last !== undefined && /^\s+\S/.test(text)) last.text += ` ${text.trim()}`;
    else if (text.trim() !== "") {
      state.mistakes.add(
        fence.line + 1 + first + at,
        `${JSON.stringify(text)} is no choice.`,
        "Write - [ ] and the choice, or - [x] for the right one.",
      );
    }
  });
  const right = choices.flatMap(({ isRight }, at) => (isRight ? [at] : []));
  if (question === "") {
    state.mistakes.add(fence.line, "The ask block has no question.", "Write it above the choices.");
  }
  if (choices.length < 2) {
    state.mistakes.add(
      fence.line,
      `The question has ${choices.length === 1 ? "one choice" : "no choices"}.`,
      "Give at least two, each in a line - [ ].",
    );
  }
  const [only] = right;
  if (only === undefined || right.length > 1) {
    return state.mistakes.add(
      fence.line,
      only === undefined
        ? "No choice is marked as right."
        : `${right.length} choices are marked as right.`,
      "Mark exactly one by - [x].",
    );
  }
  return { kind: "ask", question, choices: choices.map(({ text }) => text), right: only };
}

/** `chart`: ratios that must hold between the bars, such as `50 KiB >= 2 × 0.5 KiB`; `chart times`: that mostly do. */
export function parseChart(fence: Fence, state: DocumentState): ChartBlock {
  const areTimes = readOnlyWord(fence, "times", state);
  const lines = nonEmptyLines(fence).flatMap(({ text, line }) => {
    const [, left, operator, factor, right] =
      /^(.+?) (<=?|>=?) (?:(\d+(?:\.\d+)?) [×x*] )?(.+)$/.exec(text) ?? [];
    if (left === undefined || right === undefined || !isOperator(operator)) {
      state.mistakes.add(
        line,
        `${JSON.stringify(text)} compares no two bars.`,
        "Write two labels, such as 50 KiB >= 2 × 0.5 KiB.",
      );
      return [];
    }
    return [
      { line, text, left: left.trim(), operator, factor: Number(factor ?? 1), right: right.trim() },
    ];
  });
  if (nonEmptyLines(fence).length === 0) {
    state.mistakes.add(
      fence.line,
      "The chart block states nothing.",
      "Compare two bars, such as 50 KiB >= 2 × 0.5 KiB.",
    );
  }
  return { kind: "chart", areTimes, lines };
}

function isOperator(text: string | undefined): text is "<" | "<=" | ">" | ">=" {
  return text === "<" || text === "<=" || text === ">" || text === ">=";
}

function readAnyOrder(fence: Fence, state: DocumentState): boolean {
  return readOnlyWord(fence, "any order", state);
}

/** Whether it stands behind the language; nothing else may. */
function readOnlyWord(fence: Fence, word: string, state: DocumentState): boolean {
  const words = fence.words.join(" ");
  if (words !== "" && words !== word) {
    state.mistakes.add(
      fence.line,
      `${fence.language} does not know ${words}.`,
      `Write ${fence.language}, or ${fence.language} ${word}.`,
    );
  }
  return words === word;
}

function nonEmptyLines(fence: Fence): { text: string; line: number }[] {
  return fence.text
    .split("\n")
    .map((text, at) => ({ text: text.trim(), line: fence.line + 1 + at }))
    .filter(({ text }) => text !== "");
}

/** What could match anything proves nothing. */
function demandLiteral(
  fence: Fence,
  lines: readonly { text: string; line: number }[],
  state: DocumentState,
): void {
  const says = lines.some(({ text }) => {
    try {
      return saysSomething(readPattern(text));
    } catch (error) {
      if (error instanceof PatternMistake) return true;
      throw error;
    }
  });
  if (says) return;
  state.mistakes.add(
    lines[0]?.line ?? fence.line,
    `This expectation of ${fence.language} would match anything.`,
    "Give it at least a letter or a digit of its own.",
  );
}
