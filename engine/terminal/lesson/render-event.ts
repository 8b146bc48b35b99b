import type {
  Chart,
  Code,
  LessonEvent,
  Output,
  ProgramLine,
  SessionLabel,
} from "../../lesson/lesson-event.ts";
import stringWidth from "string-width";
import { highlightCode } from "../highlight-code.ts";
import { pad, wrap, wrapCode, wrapExactly } from "../layout.ts";
import { renderInline, renderMarkdown } from "../render-markdown.ts";
import { type LessonView, proseWidth } from "./lesson-view.ts";
import { markText } from "./mark-text.ts";
import { renderExchange } from "./render-exchange.ts";
import { renderExpectation } from "./render-expectation.ts";

/**
 * What an event looks like, in blocks of lines; between two blocks a slow presentation may pause.
 * Empty for events that show nothing of their own.
 */
export function renderEvent(event: LessonEvent, view: LessonView): string[][] {
  const { style, sessions } = view;
  switch (event.kind) {
    case "step-begins": {
      const rule = stepRule(event.step, event.of, event.title, view);
      const recording = event.recording;
      if (recording === undefined) return [rule];
      const { why, date, made } = recording;
      const reason = view.knowsRecording === true ? "" : ` ${why}`;
      const note = wrap(`A recording of ${date} (${made}).${reason}`, proseWidth(view));
      return [[...rule, ...note.map(style.warn)]];
    }
    case "prose":
      return block(renderMarkdown(event.markdown, proseWidth(view), style));
    case "code":
      return block(renderCode(event, view));
    case "diagram":
      return block(
        event.text
          .split("\n")
          .flatMap((line) => wrapExactly(line, view.width - 2))
          .map((line) => `  ${line}`),
      );
    case "exchange":
      return renderExchange(event, view);
    case "expectation":
      return block(renderExpectation(event, view));
    case "redis":
      return block(
        [
          `${style.dim(`${event.on ?? "redis"}>`)} ${wrapExactly(markText(event.command, sessions, style, { keeps: "cookie" }), view.width - (event.on ?? "redis").length - 2).join("\n")}`,
          ...event.reply.flatMap((line) =>
            wrapExactly(markText(line, sessions, style, { keeps: "cookie" }), view.width - 2),
          ),
        ]
          .flatMap((line) => line.split("\n"))
          .map((line) => `  ${line}`),
      );
    case "time":
      return block(
        actionLines(`time ${event.text}`, "for the programs, the browsers and Redis", view),
      );
    case "action-done":
      return isRun(event.text)
        ? []
        : block(
            actionLines(event.text, `${event.meaning} (${event.durationMs.toFixed(0)} ms)`, view),
          );
    case "output":
      return block(renderOutput(event, view));
    case "chart":
      return block(renderChart(event, view));
    case "program-line":
      return block(renderProgramLine(event, view));
    case "question":
      return block([
        ...renderMarkdown(event.question, proseWidth(view), style).map(style.bold),
        "",
        ...event.choices.flatMap((choice, at) =>
          hang(`  ${style.key(String(at + 1))}  `, renderInline(choice, style), view),
        ),
      ]);
    case "truth":
      return block(renderTruth(event, view));
    case "trouble":
      return block([
        `${style.bad("✗")} ${event.message}`,
        ...event.details
          .flatMap((line) => wrapExactly(line, view.width - 4))
          .map((line) => `    ${line}`),
      ]);
    case "action-begins":
      // What a program prints stands below its name, and comes before it has ended.
      return isRun(event.text) ? block(actionLines(event.text, event.meaning, view)) : [];
    case "replaying":
    case "request-sent":
    case "step-done":
      return [];
    default:
      return event satisfies never;
  }
}

/** The sessions of an exchange whose label was not explained yet. */
export function findFreshSessions(
  event: LessonEvent,
  sessions: readonly SessionLabel[],
  known: ReadonlySet<string>,
): SessionLabel[] {
  if (event.kind !== "exchange") return [];
  const text = JSON.stringify(event);
  return sessions.filter(({ id }) => !known.has(id) && text.includes(id));
}

/** Whether keys in this exchange carry marks that say what became of them. */
export function hasMarks(event: LessonEvent): boolean {
  return event.kind === "exchange" && event.keys.some(({ change }) => change !== "same");
}

/** What a label stands for, said once, when the session is first seen; and what the marks at keys mean. */
export function renderLegend(
  fresh: readonly SessionLabel[],
  view: LessonView,
  { saysMarks }: { saysMarks: boolean },
): string[] {
  const { style } = view;
  const labels = fresh.map(({ label, id, index }) => {
    const paint = style.session(index);
    return `${paint(label)} ${style.dim("stands for the session ID")} ${paint(id)}`;
  });
  const marks = `${style.good("+")} ${style.dim("is a new key,")} ${style.warn("~")} ${style.dim("one with another value,")} ${style.bad("-")} ${style.dim("one that is gone")}`;
  return [...labels, ...(saysMarks ? [marks] : [])].flatMap((line) =>
    wrap(line, view.width - 4).map((part, at) => (at === 0 ? `  ${part}` : `    ${part}`)),
  );
}

/** Of these the output follows. */
function isRun(action: string): boolean {
  return /^(?:run|act) /.test(action);
}

function actionLines(text: string, meaning: string, view: LessonView): string[] {
  const { style, width, sessions } = view;
  const said = markText(meaning, sessions, style);
  const line = `${style.warn("▸")} ${style.bold(shortName(text))}  ${style.dim(said)}`;
  return wrap(line, width - 4).map((part, at) => (at === 0 ? `  ${part}` : `    ${part}`));
}

/** What an `act` is given stands in its meaning, with its names put in, or does not matter. */
export function shortName(action: string): string {
  return action.startsWith("act ") ? action.split(" ").slice(0, 2).join(" ") : action;
}

function block(lines: readonly string[]): string[][] {
  return lines.length === 0 ? [] : [[...lines]];
}

function stepRule(step: number, of: number, title: string, view: LessonView): string[] {
  const { style, width } = view;
  const plain = renderInline(title, view.style);
  if (view.layout === "plain") return [style.heading(`${step} of ${of}  ${plain}`)];
  const left = `${style.frame("━━")} ${style.dim(`${step} of ${of}`)} ${style.frame("━━")} ${style.heading(plain)} `;
  const rest = Math.min(width, 150) - stringWidth(left);
  if (rest < 0) {
    const number = `${style.frame("━━")} ${style.dim(`${step} of ${of}`)} `;
    const rule = style.frame("━".repeat(width - stringWidth(number)));
    return [number + rule, ...wrap(plain, width).map(style.heading)];
  }
  return [left + style.frame("━".repeat(Math.max(0, rest)))];
}

function renderCode({ language, text, source }: Code, view: LessonView): string[] {
  const { style } = view;
  const bar = style.frame("│");
  const code = highlightCode(text, language, style)
    .flatMap((line) => wrapCode(line, language, { width: view.width - 4, indent: indentOf(line) }))
    .map((line) => `  ${bar} ${line}`.trimEnd());
  if (source === undefined) return code;
  return [`  ${bar} ${style.dim(`${source.file}:${source.line}`)}`, ...code];
}

/** A long line of code goes on further to the right than it began. */
function indentOf(line: string): string {
  return `${/^ */.exec(line)?.[0] ?? ""}    `;
}

function renderOutput({ lines, exitCode, from }: Output, { style, width }: LessonView): string[] {
  const bar = style.frame("│");
  const title =
    from === undefined ? [] : [style.dim(`${shortName(from)}, from its beginning to its end:`)];
  const end = exitCode === 0 ? [] : [style.bad(`(exit ${exitCode ?? "by a signal"})`)];
  return [...title, ...lines.flatMap((line) => wrapExactly(line, width - 4)), ...end].map(
    (line) => `  ${bar} ${line}`,
  );
}

function renderProgramLine({ program, stream, line }: ProgramLine, view: LessonView): string[] {
  const { style, width } = view;
  const indent = " ".repeat(program.length + 4);
  return wrapExactly(line, width - indent.length, "").map((part, at) => {
    const text = stream === "stderr" ? style.warn(part) : part;
    return at === 0 ? `  ${style.dim(`${program}:`)} ${text}` : indent + text;
  });
}

const BLOCKS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

function renderChart({ title, unit, bars }: Chart, view: LessonView): string[] {
  const { style } = view;
  const labels = Math.max(...bars.map(([label]) => stringWidth(label)));
  const numbers = bars.map(([, value]) => `${formatNumber(value)} ${unit}`.trim());
  const numberWidth = Math.max(...numbers.map((text) => text.length));
  const room = Math.max(8, Math.min(view.width, 100) - labels - numberWidth - 6);
  const most = Math.max(...bars.map(([, value]) => value), Number.MIN_VALUE);
  return [
    `  ${style.bold(title)}`,
    ...bars.map(([label, value], at) => {
      const eighths = Math.round((Math.max(0, value) / most) * room * 8);
      const bar = "█".repeat(Math.floor(eighths / 8)) + (BLOCKS[eighths % 8] ?? "");
      const number = (numbers[at] ?? "").padStart(numberWidth);
      return `  ${pad(label, labels)} ${number} ${style.number(bar)}`.trimEnd();
    }),
  ];
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

function renderTruth(
  { choices, right, chosen }: Extract<LessonEvent, { kind: "truth" }>,
  view: LessonView,
): string[] {
  const { style, layout } = view;
  const answer = renderInline(choices[right] ?? "", style);
  if (chosen === undefined) {
    // Nobody has been right: no tick.
    const indent = layout === "plain" ? "" : "  ";
    return hang(`${indent}${style.bold("Right is:")} `, answer, view);
  }
  if (chosen === right) return hang(`  ${style.good("✓ Right:")} `, answer, view);
  return [
    ...hang(`  ${style.bad("✗ You chose:")} `, renderInline(choices[chosen] ?? "", style), view),
    ...hang(`  ${style.good("✓ Right is:")}  `, answer, view),
  ];
}

/** A text whose further lines stand below its first one, and not below its mark. */
function hang(mark: string, text: string, view: LessonView): string[] {
  const indent = stringWidth(mark);
  return wrap(text, Math.max(10, proseWidth(view) - indent)).map((line, at) =>
    at === 0 ? mark + line : " ".repeat(indent) + line,
  );
}
