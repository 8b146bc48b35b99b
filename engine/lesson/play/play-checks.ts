import { matchLines } from "../expect/match-lines.ts";
import { putIn } from "../expect/names.ts";
import { isAnyLines } from "../expect/pattern.ts";
import type { Block, ChartBlock, OutputBlock, RedisBlock, SawBlock } from "../lesson.ts";
import type { Chart, ComparisonRow, Expectation, LessonEvent } from "../lesson-event.ts";
import { seenLine } from "./describe-seen.ts";
import type { Stage } from "./stage.ts";
import type { StepState } from "./step-state.ts";

type At<T> = T & Pick<Block, "line">;

/** Compares the commands that the last request caused. */
export function checkSaw(block: At<SawBlock>, stage: Stage, state: StepState): Expectation {
  // Where the lesson names no reply, any will do.
  const expected = block.lines.map((line) =>
    line.includes(" → ") || isAnyLines(line) ? line : `${line} → …`,
  );
  const match = matchLines({
    expected,
    received: state.commands.map(seenLine),
    names: stage.names,
    anyOrder: block.anyOrder,
    where: (line) => `command ${line}`,
  });
  return { kind: "expectation", block: "saw", line: block.line, ...match };
}

/** Types each command and compares its reply. */
export async function* playRedis(
  block: At<RedisBlock>,
  stage: Stage,
): AsyncGenerator<LessonEvent, void, undefined> {
  const { on } = block;
  for (const { line, command, reply } of block.exchanges) {
    const typed = putIn(command, stage.names);
    const received = await stage.type(typed, on);
    yield { kind: "redis", ...(on === undefined ? {} : { on }), command: typed, reply: received };
    const strip = (lines: readonly string[]) =>
      block.anyOrder ? lines.map((each) => each.replace(/^(?:\s*\d+[)#] )+/, "")) : lines;
    const match = matchLines({
      expected: strip(reply),
      received: strip(received),
      names: stage.names,
      anyOrder: block.anyOrder,
      where: () => typed,
    });
    yield { kind: "expectation", block: "redis", line, ...match };
  }
}

/** Compares what a run has printed. */
export function checkOutput(block: At<OutputBlock>, stage: Stage, state: StepState): Expectation {
  const match = matchLines({ expected: block.lines, received: state.output, names: stage.names });
  return { kind: "expectation", block: "output", line: block.line, ...match };
}

/** Compares bars with each other: times differ from machine to machine, their ratios much less. */
export function checkChart(block: At<ChartBlock>, state: StepState): Expectation {
  const chart = state.charts.shift();
  const rows: ComparisonRow[] = block.lines.map((line) => {
    const left = findBar(chart, line.left);
    const right = findBar(chart, line.right);
    const same =
      left !== undefined && right !== undefined && holds(left, line.operator, line.factor * right);
    const shown = (value: number | undefined) =>
      value === undefined ? "no such bar" : `${Number(value.toPrecision(4))} ${chart?.unit ?? ""}`;
    return {
      where: chart?.title ?? "no chart",
      expected: line.text,
      received: `${line.left}: ${shown(left)}, ${line.right}: ${shown(right)}`,
      same,
    };
  });
  const all = rows.every(({ same }) => same);
  return {
    kind: "expectation",
    block: "chart",
    line: block.line,
    holds: all,
    rows: all ? [] : rows,
    notes: [],
  };
}

function findBar(chart: Chart | undefined, label: string): number | undefined {
  return chart?.bars.find(([each]) => each === label)?.[1];
}

function holds(left: number, operator: "<" | "<=" | ">" | ">=", right: number): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
