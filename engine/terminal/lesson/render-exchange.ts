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
  pad,
  type Panel,
  panelRoom,
  wrap,
  wrapExactly,
} from "../layout.ts";
import { cutWords } from "./cut-words.ts";
import type { LessonView } from "./lesson-view.ts";
import { labelText, markText, paintLabels } from "./mark-text.ts";

/** From this width on, request, commands and keys stand beside each other. */
const BESIDE_FROM = 110;
const WIDEST = 150;
const WIDEST_STACK = 100;
/** More answers than this at the same moment get a line each. */
const MOST_IN_FULL = 3;
const MOST_COMMANDS = 24;
const MOST_KEYS = 12;
/** Of the keys that a request did not touch. */
const MOST_OTHER_KEYS = 5;

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
  const { length } = exchange.pairs;
  return exchange.pairs.flatMap(({ request, answer }, at) => [
    {
      title: `${who(request, view)} → ${view.style.bold(request.to)}`,
      ...(length > 1 ? { note: view.style.dim(atOnce(at, length)) } : {}),
      lines: requestLines(request, view).flatMap((line) => wrapExactly(line, room)),
    },
    {
      title: status(answer, view),
      note: view.style.dim(milliseconds(answer.durationMs)),
      lines: answerLines(answer, room, view),
    },
  ]);
}

/** Of a race. */
function atOnce(at: number, of: number): string {
  return `${at + 1} of ${of} at the same moment`;
}

/** Whose browser, in the colour of the session that it holds. */
function who(request: SentRequest, { sessions, style }: LessonView): string {
  const own = sessions.findLast(({ browser }) => browser === request.as);
  return own === undefined ? style.bold(request.as) : style.session(own.index)(request.as);
}

/** What the lesson has written into a request is shown; these say nothing in any lesson. */
const UNINTERESTING_REQUEST = /^(?:host|connection|content-length)$/i;

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

/** Shown whether or not the lesson speaks about them: what they say changes what a browser does. */
const TELLING_HEADERS = ["set-cookie", "location", "retry-after", "www-authenticate"];

function answerLines(answer: ReceivedAnswer, room: number, view: LessonView): string[] {
  const { style, sessions } = view;
  if (answer.failure !== undefined) return wrapExactly(answer.failure, room);
  const shown = answer.headers.filter(([name]) =>
    [...TELLING_HEADERS, ...answer.named].includes(name.toLowerCase()),
  );
  const body = answer.body.trimEnd();
  return [
    ...shown.flatMap(([name, value]) =>
      wrapExactly(headerLine(name, markText(value, sessions, style), style.dim), room),
    ),
    ...(shown.length > 0 && body !== "" ? [""] : []),
    ...(body === "" ? [] : bodyLines(body, answer.isJson, room, view)),
  ];
}

const MOST_JSON_LINES = 20;
const MOST_TEXT_LINES = 14;
/** JSON that takes more is laid out in levels, unless that takes too many lines. */
const MOST_COMPACT_LINES = 3;

function bodyLines(body: string, isJson: boolean, room: number, view: LessonView): string[] {
  const { style, sessions } = view;
  const lay = (text: string) =>
    text.split("\n").flatMap((line) => wrapExactly(markText(line, sessions, style), room));
  const compact = lay(body);
  if (!isJson) return limitLines(compact, MOST_TEXT_LINES);
  if (compact.length <= MOST_COMPACT_LINES) return compact;
  const levels = lay(inLevels(body));
  return limitLines(levels.length <= MOST_JSON_LINES ? levels : compact, MOST_JSON_LINES);
}

function inLevels(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    // Not JSON after all: as it came.
    return json;
  }
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
  const showProgram = names.size > 1;
  const lines = mostLines(COMMAND_LIMITS, MOST_COMMAND_PANEL, (most) =>
    shown.flatMap((command) => commandLines(command, { room, most, showProgram }, view)),
  );
  if (commands.length > shown.length)
    lines.push(style.dim(`and ${commands.length - shown.length} more`));
  return { title: style.bold(title), lines };
}

/** Lines for each command, and for its reply: as many as let all of them stay within the panel. */
const COMMAND_LIMITS = [12, 8, 6, 4, 3];
const MOST_COMMAND_PANEL = 28;

/** Draws with the first of the limits that keeps to `most` lines, else with the last. */
function mostLines(
  limits: readonly number[],
  most: number,
  draw: (limit: number) => string[],
): string[] {
  let lines: string[] = [];
  for (const limit of limits) {
    lines = draw(limit);
    if (lines.length <= most) break;
  }
  return lines;
}

/** The gate has cut a long reply, and redis-cli's way of printing writes the sign for it as bytes. */
function withEllipsis(reply: string): string {
  return reply.replaceAll("\\xe2\\x80\\xa6 (", "… (");
}

/** The text of a script stands in the lesson, and hides what it is given. */
function withoutScript(command: string): string {
  return command.replace(/^(EVAL(?:_RO)?) "(?:[^"\\]|\\.){40,}"/, '$1 "…"');
}

function commandLines(
  { program, text, reply }: SeenCommand,
  { room, most, showProgram }: { room: number; most: number; showProgram: boolean },
  { style, sessions }: LessonView,
): string[] {
  // A line holds a little less than its room, since it breaks where words end.
  const fit = (words: string, lines: number, width: number) =>
    paintLabels(
      cutWords(labelText(words, sessions), Math.floor(lines * width * 0.9)),
      sessions,
      style,
    );
  const from = showProgram ? `${program}: ` : "";
  const [name = "", ...rest] = fit(withoutScript(text), most, room - from.length).split(" ");
  const args = rest.length === 0 ? "" : ` ${rest.join(" ")}`;
  const sent = wrapExactly(`${style.dim(from)}${style.bold(name)}${args}`, room);
  const arrow = style.dim("→");
  const isError = reply.startsWith("(error)");
  const mostOfReply = Math.max(3, Math.ceil(most / 2));
  const answer = isError ? style.bad(reply) : fit(withEllipsis(reply), mostOfReply, room - 4);
  return [
    ...sent,
    ...(reply === ""
      ? []
      : limitLines(wrapExactly(answer, room - 4, ""), mostOfReply + 1).map((line, at) =>
          at === 0 ? `  ${arrow} ${line}` : `    ${line}`,
        )),
  ];
}

function keyPanel(exchange: Exchange, room: number, view: LessonView): Panel {
  const { style } = view;
  const there = exchange.keys.filter(({ change }) => change !== "gone").length + exchange.moreKeys;
  const count = there === 0 ? "no keys" : there === 1 ? "1 key" : `${there} keys`;
  const isOut = exchange.outOfReach === true;
  const where = isOut ? "out of reach" : (exchange.place ?? "");
  const title = exchange.unseen ?? `${count}${isOut ? "," : ""} ${where}`.trim();
  // What this request touched comes first: the others are the background, the changed ones bright.
  const isNamed = ({ name }: KeyView) =>
    exchange.commands.some((command) => command.text.includes(name));
  const named = exchange.keys.filter(isNamed);
  const others = exchange.keys
    .filter((key) => !isNamed(key))
    .toSorted((a, b) => Number(a.change === "same") - Number(b.change === "same"));
  const shown = [...named.slice(0, MOST_KEYS), ...others.slice(0, MOST_OTHER_KEYS)];
  const isBright = (key: KeyView) => named.includes(key) || key.change !== "same";
  const left = [...named, ...others].filter((key) => !shown.includes(key));
  const more = left.filter(({ change }) => change !== "gone").length + exchange.moreKeys;
  const moreGone = left.filter(({ change }) => change === "gone").length;
  return {
    title: style.bold(title),
    lines: [
      ...(isOut
        ? wrap("What Redis holds all the same; no program gets at it now.", room).map(style.dim)
        : []),
      ...mostLines(VALUE_LIMITS, MOST_KEY_PANEL, (most) =>
        shown.flatMap((key) => keyLines(key, isBright(key) ? most : 1, room, view)),
      ),
      ...(more > 0 ? [style.dim(`and ${more} more`)] : []),
      ...(moreGone > 0 ? [style.dim(`and ${moreGone} more that are gone`)] : []),
    ],
  };
}

const MARKS = { new: "+", changed: "~", same: " ", gone: "-" } as const;
/** Lines for the value of each key that was touched. */
const VALUE_LIMITS = [10, 6, 4, 3];
const MOST_KEY_PANEL = 24;

function keyLines(key: KeyView, most: number, room: number, view: LessonView): string[] {
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
  if (most > 1) return [...head, ...limitLines(value, most).map((line) => `  ${line}`)];
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
  const { length } = exchange.pairs;
  const lines = exchange.pairs.flatMap(({ request, answer }, at) => {
    const [first = "", ...rest] = requestLines(request, view);
    const race = length > 1 ? ` (${atOnce(at, length)})` : "";
    return [
      `${who(request, view)} → ${request.to}: ${first}${race}`,
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
