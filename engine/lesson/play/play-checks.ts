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

/**
 * Compares bars with each other: what is measured differs from machine to machine, ratios much less. Times
 * never decide: of `chart times` a row that does not hold is a note, for something else may have kept the
 * machine busy. A bar that is missing fails both.
 */
export function checkChart(block: At<ChartBlock>, state: StepState): Expectation {
  const chart = state.charts.shift();
  const measured = block.lines.map((line) => ({
    line,
    left: findBar(chart, line.left),
    right: findBar(chart, line.right),
  }));
  const rows: ComparisonRow[] = measured.map(({ line, left, right }) => {
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
  const others = rows.filter(({ same }) => !same);
  const isWhole = measured.every(({ left, right }) => left !== undefined && right !== undefined);
  const holdsAll = others.length === 0 || (block.areTimes && isWhole);
  return {
    kind: "expectation",
    block: "chart",
    line: block.line,
    holds: holdsAll,
    rows: holdsAll ? [] : rows,
    notes: holdsAll && others.length > 0 ? [notThisTime(others)] : [],
  };
}

function notThisTime(rows: readonly ComparisonRow[]): string {
  const what = rows.map(({ expected, received }) => `${expected} (${received})`).join("; ");
  return `Not this time: ${what}. Times depend on what else the machine does; play the step again.`;
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
