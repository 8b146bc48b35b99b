import type { AnswerPattern } from "../lesson.ts";
import type { ComparisonRow, ReceivedAnswer } from "../lesson-event.ts";
import { readJsonPattern } from "./json-pattern.ts";
import { matchJson } from "./match-json.ts";
import { bindAll, matchLine } from "./match-line.ts";
import { matchLines } from "./match-lines.ts";
import { type Names, UnknownName } from "./names.ts";

/** What differs between an answer and what was expected. */
export interface AnswerComparison {
  readonly rows: readonly ComparisonRow[];
  readonly notes: readonly string[];
}

/** Compares status, the headers that are named, and the body. What is bound becomes known. */
export function compareAnswer(
  expected: AnswerPattern,
  answer: ReceivedAnswer,
  names: Names,
  options: { anyOrder: boolean },
): AnswerComparison {
  const rows: ComparisonRow[] = [];
  const notes: string[] = [];
  const attempt = (compare: () => void) => {
    try {
      compare();
    } catch (error) {
      if (!(error instanceof UnknownName)) throw error;
      rows.push({ where: "", expected: error.message, received: undefined, same: false });
    }
  };
  if (answer.failure !== undefined) {
    rows.push({
      where: "status",
      expected: expected.status,
      received: answer.failure,
      same: false,
    });
    return { rows, notes };
  }
  const status = `${answer.status} ${answer.statusText}`.trim();
  attempt(() => {
    if (matchLine(expected.status, status, names) !== undefined) return;
    rows.push({ where: "status", expected: expected.status, received: status, same: false });
  });
  for (const [name, pattern] of expected.headers) {
    attempt(() => rows.push(...compareHeader(name, pattern, answer, names)));
  }
  for (const name of expected.absent) {
    for (const value of valuesOf(answer, name)) {
      rows.push({ where: `header ${name}`, expected: undefined, received: value, same: false });
    }
  }
  const { body } = expected;
  if (body === undefined) return { rows, notes };
  attempt(() => {
    if (expected.bodyKind === "json") {
      rows.push(...compareJson(body, answer, names, options));
      return;
    }
    const match = matchLines({
      expected: toLines(body),
      received: toLines(answer.body),
      names,
      where: () => "body",
    });
    rows.push(...match.rows);
    notes.push(...match.notes);
  });
  return { rows, notes };
}

function compareHeader(
  name: string,
  pattern: string,
  answer: ReceivedAnswer,
  names: Names,
): ComparisonRow[] {
  const values = valuesOf(answer, name);
  for (const value of values) {
    const match = matchLine(pattern, value, names);
    if (match === undefined) continue;
    bindAll(match, names);
    return [];
  }
  const where = `header ${name}`;
  if (values.length === 0) return [{ where, expected: pattern, received: undefined, same: false }];
  return values.map((received, index) => ({
    where,
    expected: index === 0 ? pattern : undefined,
    received,
    same: false,
  }));
}

function compareJson(
  body: string,
  answer: ReceivedAnswer,
  names: Names,
  options: { anyOrder: boolean },
): ComparisonRow[] {
  let value: unknown;
  try {
    value = JSON.parse(answer.body);
  } catch {
    return [{ where: "body", expected: body, received: answer.body, same: false }];
  }
  return matchJson(readJsonPattern(body), value, names, { ...options, where: "" }).map((row) => ({
    ...row,
    where: `body ${row.where}`.trim(),
  }));
}

function valuesOf(answer: ReceivedAnswer, name: string): string[] {
  return answer.headers
    .filter(([each]) => each.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
}

function toLines(text: string): string[] {
  return text.replaceAll("\r\n", "\n").trimEnd().split("\n");
}
