import type {
  Exchange,
  KeyView,
  ReceivedAnswer,
  SeenCommand,
  SentRequest,
} from "../../lesson/lesson-event.ts";
import stringWidth from "string-width";
import {
  framePanels,
  limitLines,
  limitMiddle,
  pad,
  type Panel,
  panelRoom,
  wrapExactly,
} from "../layout.ts";
import type { LessonView } from "./lesson-view.ts";
import { markText } from "./mark-text.ts";

/** From this width on, request, commands and keys stand beside each other. */
const BESIDE_FROM = 110;
const WIDEST = 150;
const WIDEST_STACK = 100;
/** More answers than this at the same moment get a line each. */
const MOST_IN_FULL = 3;
const MOST_COMMANDS = 24;
const MOST_KEYS = 12;

/**
 * A request and its answer, the Redis commands that it caused, and the keys afterwards: beside each
 * other where there is room, else below each other. Each inner list may be shown by itself.
 */
export function renderExchange(exchange: Exchange, view: LessonView): string[][] {
  if (view.layout === "plain") return [renderPlainly(exchange, view)];
  const paint = view.style.frame;
  if (view.width >= BESIDE_FROM && !view.isSlow) {
    const width = Math.min(view.width, WIDEST);
    const left = Math.round(width * 0.35);
    const middle = Math.round(width * 0.37);
    const widths = [left, middle, width - left - middle + 2];
    const [talkRoom, commandRoom, keyRoom] = widths.map(panelRoom);
    const columns = [
      talkPanels(exchange, talkRoom ?? 0, view),
      [commandPanel(exchange, commandRoom ?? 0, view)],
      [keyPanel(exchange, keyRoom ?? 0, view)],
    ];
    return [framePanels(columns, widths, paint)];
  }
  const width = Math.min(view.width, WIDEST_STACK);
  const room = panelRoom(width);
  const panels = [
    ...talkPanels(exchange, room, view),
    commandPanel(exchange, room, view),
    keyPanel(exchange, room, view),
  ];
  if (!view.isSlow) return [framePanels([panels], [width], paint)];
  return panels.map((panel) => framePanels([[panel]], [width], paint));
}

function talkPanels(exchange: Exchange, room: number, view: LessonView): Panel[] {
  if (exchange.pairs.length > MOST_IN_FULL) {
    const lines = exchange.pairs.map(({ request, answer }) => {
      const sent = `${who(request, view)} ${request.method} ${request.path}`;
      return limitLines(wrapExactly(`${sent} → ${status(answer, view)}`, room), 2).join("\n");
    });
    const title = `${exchange.pairs.length} requests at the same moment`;
    return [{ title, lines: lines.flatMap((line) => line.split("\n")) }];
  }
  return exchange.pairs.flatMap(({ request, answer }) => [
    {
      title: `${who(request, view)} → ${view.style.bold(request.to)}`,
      lines: requestLines(request, view).flatMap((line) => wrapExactly(line, room)),
    },
    {
      title: status(answer, view),
      note: view.style.dim(milliseconds(answer.durationMs)),
      lines: answerLines(answer, room, view).flatMap((line) => wrapExactly(line, room)),
    },
  ]);
}

/** Whose browser, in the colour of the session that it holds. */
function who(request: SentRequest, { sessions, style }: LessonView): string {
  const own = sessions.findLast(({ browser }) => browser === request.as);
  return own === undefined ? style.bold(request.as) : style.session(own.index)(request.as);
}

const UNINTERESTING_REQUEST = /^(?:host|connection|content-length|accept.*|user-agent)$/i;

function requestLines(request: SentRequest, { style, sessions }: LessonView): string[] {
  const headers = request.headers.filter(([name]) => !UNINTERESTING_REQUEST.test(name));
  return [
    `${style.bold(request.method)} ${request.path}`,
    ...headers.map(([name, value]) =>
      headerLine(name, markText(value, sessions, style), style.dim),
    ),
    ...(request.body === "" ? [] : ["", ...request.body.split("\n")]),
  ];
}

function headerLine(name: string, value: string, dim: (text: string) => string): string {
  return `${dim(`${name}:`)} ${value}`;
}

function status({ failure, status: code, statusText }: ReceivedAnswer, view: LessonView): string {
  const { style } = view;
  if (failure !== undefined) return style.bad("no answer");
  const paint = code >= 400 ? style.bad : code >= 300 ? style.warn : style.good;
  return style.bold(paint(`${code} ${statusText}`.trim()));
}

function answerLines(answer: ReceivedAnswer, room: number, view: LessonView): string[] {
  const { style, sessions } = view;
  if (answer.failure !== undefined) return [answer.failure];
  const shown = answer.headers.filter(([name]) =>
    ["set-cookie", "location", ...answer.named].includes(name.toLowerCase()),
  );
  const body = answer.body.trimEnd();
  return [
    ...shown.map(([name, value]) => headerLine(name, markText(value, sessions, style), style.dim)),
    ...(shown.length > 0 && body !== "" ? [""] : []),
    ...(body === ""
      ? []
      : bodyLines(body, answer.isJson, room).map((line) => markText(line, sessions, style))),
  ];
}

const MOST_BODY_LINES = 14;
/** JSON that takes more is laid out in levels. */
const MOST_COMPACT_LINES = 3;

function bodyLines(body: string, isJson: boolean, room: number): string[] {
  if (isJson && stringWidth(body) > room * MOST_COMPACT_LINES) {
    try {
      return limitLines(
        JSON.stringify(JSON.parse(body), undefined, 2).split("\n"),
        MOST_BODY_LINES,
      );
    } catch {
      // Not JSON after all: as it came.
    }
  }
  return limitLines(body.split("\n"), MOST_BODY_LINES);
}

function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(0)} ms`;
}

function commandPanel(exchange: Exchange, room: number, view: LessonView): Panel {
  const { commands } = exchange;
  const { style } = view;
  const count = commands.length === 1 ? "1 command" : `${commands.length} commands`;
  const title = commands.length === 0 ? "Redis saw nothing" : `Redis saw ${count}`;
  const shown = commands.slice(0, MOST_COMMANDS);
  const names = new Set(
    [...commands, ...exchange.pairs.map(({ request }) => ({ program: request.to }))].map(
      ({ program }) => program,
    ),
  );
  const lines = shown.flatMap((command) => commandLines(command, room, names.size > 1, view));
  if (commands.length > shown.length)
    lines.push(style.dim(`and ${commands.length - shown.length} more`));
  return { title: style.bold(title), lines };
}

const MOST_COMMAND_LINES = 4;
const MOST_REPLY_LINES = 3;

function commandLines(
  { program, text, reply }: SeenCommand,
  room: number,
  showProgram: boolean,
  { style, sessions }: LessonView,
): string[] {
  const [name = "", ...rest] = text.split(" ");
  const args = rest.length === 0 ? "" : ` ${markText(rest.join(" "), sessions, style)}`;
  const from = showProgram ? `${style.dim(`${program}:`)} ` : "";
  const sent = wrapExactly(`${from}${style.bold(name)}${args}`, room);
  const arrow = style.dim("→");
  const isError = reply.startsWith("(error)");
  const answer = isError ? style.bad(reply) : markText(reply, sessions, style);
  return [
    ...limitMiddle(sent, MOST_COMMAND_LINES),
    ...(reply === ""
      ? []
      : limitLines(wrapExactly(answer, room - 4, ""), MOST_REPLY_LINES).map((line, at) =>
          at === 0 ? `  ${arrow} ${line}` : `    ${line}`,
        )),
  ];
}

function keyPanel(exchange: Exchange, room: number, view: LessonView): Panel {
  const { style } = view;
  const there = exchange.keys.filter(({ change }) => change !== "gone").length + exchange.moreKeys;
  const count = there === 0 ? "no keys" : there === 1 ? "1 key" : `${there} keys`;
  const title = exchange.unseen ?? `${count} ${exchange.place ?? ""}`.trim();
  // What this request touched comes first and bright: the others are the background.
  const isTouched = ({ change, name }: KeyView) =>
    change !== "same" || exchange.commands.some((command) => command.text.includes(name));
  const touched = exchange.keys.filter(isTouched);
  const sorted = [...touched, ...exchange.keys.filter((key) => !isTouched(key))];
  const shown = sorted.slice(0, MOST_KEYS);
  const more = exchange.keys.length - shown.length + exchange.moreKeys;
  return {
    title: style.bold(title),
    lines: [
      ...shown.flatMap((key) => keyLines(key, touched.includes(key), room, view)),
      ...(more > 0 ? [style.dim(`and ${more} more`)] : []),
    ],
  };
}

const MARKS = { new: "+", changed: "~", same: " ", gone: "-" } as const;
const MOST_VALUE_LINES = 3;

function keyLines(key: KeyView, isTouched: boolean, room: number, view: LessonView): string[] {
  const { style, sessions } = view;
  const paint = { new: style.good, changed: style.warn, same: style.dim, gone: style.bad }[
    key.change
  ];
  const name = `${paint(MARKS[key.change])} ${markText(key.name, sessions, style)}`;
  const ttl = lifetime(key, view);
  const gap = view.layout === "plain" ? 2 : room - stringWidth(name) - stringWidth(ttl);
  const head =
    gap >= 1
      ? [name + " ".repeat(gap) + ttl]
      : [...wrapExactly(name, room), pad("", Math.max(0, room - stringWidth(ttl))) + ttl];
  if (key.change === "gone") return head;
  const type = key.type === "string" ? "" : `${style.dim(key.type)} `;
  const value = wrapExactly(type + markText(key.value, sessions, style), room - 3, "");
  if (isTouched)
    return [...head, ...limitLines(value, MOST_VALUE_LINES).map((line) => `  ${line}`)];
  const [first = "", ...rest] = value;
  return [...head, style.dim(`  ${first}${rest.length > 0 ? "…" : ""}`)];
}

/** As the command TTL would answer it. */
function lifetime({ change, ttlSeconds }: KeyView, { style }: LessonView): string {
  if (change === "gone") return style.bad("gone");
  return ttlSeconds === undefined ? style.bad("no TTL") : style.dim(`TTL ${ttlSeconds}`);
}

const PLAIN_ROOM = 96;

function renderPlainly(exchange: Exchange, view: LessonView): string[] {
  const lines = exchange.pairs.flatMap(({ request, answer }) => {
    const [first = "", ...rest] = requestLines(request, view);
    return [
      `${who(request, view)} → ${request.to}: ${first}`,
      ...rest.map((line) => `  ${line}`),
      `${status(answer, view)} (${milliseconds(answer.durationMs)})`,
      ...answerLines(answer, PLAIN_ROOM, view).map((line) => `  ${line}`),
    ];
  });
  const commands = commandPanel(exchange, PLAIN_ROOM, view);
  const keys = keyPanel(exchange, PLAIN_ROOM, view);
  for (const { title, lines: below } of [commands, keys]) {
    lines.push(below.length > 0 ? `${title}:` : `${title}.`);
    lines.push(...below.map((line) => `  ${line}`.trimEnd()));
  }
  return lines;
}
