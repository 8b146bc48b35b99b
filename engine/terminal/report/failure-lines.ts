import path from "node:path";
import stringWidth from "string-width";
import { toCurl } from "../../http/to-curl.ts";
import type {
  CheckFailure,
  SeenCommand,
  SentRequest,
  SubmissionError,
} from "../../grader/report.ts";
import { cutTo } from "../keys/cut-to.ts";
import { scriptLabel } from "../script-label.ts";
import { limitLines, wrap, wrapExactly } from "../layout.ts";
import type { Style } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "./visible.ts";

/** `npm start` gives the programs of an exercise the ports from here on. */
const FIRST_PORT = 3000;
/** Lines of a failure stand below the title of its check, so far to the right. */
export const INDENT = "  ";
const LABEL_WIDTH = "Expected  ".length;
const COMMANDS_SHOWN = 12;
/** Columns that are left of an argument at least, where the command does not fit into its line. */
const ARGUMENT_SHOWN = 12;
const EVIDENCE_SHOWN = 20;
/** Of one piece of evidence: a session may be long. */
const EVIDENCE_LINES = 4;

/** A failed check in full: the sentence, what was sent, what was expected, what came, what Redis saw. */
export function failureLines(
  failure: CheckFailure,
  programs: readonly string[],
  repository: string,
  terminal: Terminal,
): string[] {
  const { style, columns } = terminal;
  const width = columns() - INDENT.length;
  const room = width - LABEL_WIDTH;
  const { expected, death, evidence } = failure;
  const last = shownRequest(failure);
  const labelled = (name: string, lines: readonly string[]) =>
    lines.map((line, at) => `${style.dim((at === 0 ? name : "").padEnd(LABEL_WIDTH))}${line}`);
  const shown = (name: string, text: string) =>
    labelled(name, wrapExactly(visible(brief(text)), room, ""));
  const listed = (title: string, list: readonly string[]) =>
    list.length === 0 ? [] : ["", ...wrap(`${title}:`, width), ...list.map((one) => `  ${one}`)];
  const lines = wrap(visible(failure.why), width);
  if (death !== undefined) {
    lines.push("", "The program ended:", ...errorLines(death, repository, width, style));
  }
  lines.push("");
  if (last !== undefined) {
    lines.push(...labelled("Before", earlierLines(failure, last, programs, room)));
    const many = failure.together > 1 ? [`${failure.together} at once, such as`] : [];
    // In one line, whatever its length: it is there to be copied.
    lines.push(...labelled("Sent", [...many, curlOf(last, programs)]));
  }
  // Of something that holds or not the sentence says all.
  const isPlain = expected === "true" || expected === "false";
  if (expected !== undefined && !isPlain) lines.push(...shown("Expected", expected));
  const came = isPlain ? undefined : cameOf(failure, last?.answer);
  if (came !== undefined) lines.push(...shown("Came", came));
  if (last !== undefined && ![came, failure.why].includes(last.answer) && death === undefined) {
    // Of many the answer to one says little beside what came.
    if (failure.together === 1 || came === undefined) lines.push(...shown("Answer", last.answer));
  }
  lines.push(...labelled("Redis", commandLines(failure, room, terminal)));
  for (const { title, lines: list } of evidence) {
    const shortened = list.slice(0, EVIDENCE_SHOWN).flatMap((one) => {
      const broken = wrapExactly(visible(one), width - 2);
      return limitLines(broken, EVIDENCE_LINES);
    });
    lines.push(...listed(visible(title), shortened));
  }
  const printed = printedLines(failure, programs).map((one) => cutTo(visible(one), width - 2));
  lines.push(...listed("Your program printed", printed));
  // Of a program that ended before any request there is nothing below the blank line.
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}

/** The learner's own error, its place, and what stands there. */
export function errorLines(
  error: SubmissionError | undefined,
  repository: string,
  width: number,
  { code }: Style,
): string[] {
  if (error === undefined) return [];
  const { message, file, line, source } = error;
  const lines = wrap(visible(message), width - 2);
  if (file !== undefined) {
    const shown = path.relative(repository, file).replaceAll("\\", "/");
    // In one line, whatever its length: terminals make a link of it.
    lines.push(`at ${shown}${line === undefined ? "" : `:${line}`}`);
  }
  if (source !== undefined) lines.push(`   ${code(cutTo(visible(source), width - 5))}`);
  return lines.map((one) => `  ${one}`);
}

function curlOf({ request, cookie, program }: SentRequest, programs: readonly string[]): string {
  const { method, path: address, body } = request;
  const headers = { ...request.headers, ...(cookie === "" ? {} : { Cookie: cookie }) };
  const port = FIRST_PORT + Math.max(0, programs.indexOf(program));
  const sent = { method, path: address, headers, ...(body === undefined ? {} : { body }) };
  return visible(toCurl(sent, `http://localhost:${port}`));
}

/** What led there: the requests before the last one, in a line each, and which came from another browser than that one. */
function earlierLines(
  { sent, together }: CheckFailure,
  last: SentRequest,
  programs: readonly string[],
  width: number,
): string[] {
  // Those of a burst have no order.
  if (together > 1) return [];
  return sent.slice(0, -1).map(({ program, request, answer, browser }) => {
    const to = programs.length > 1 ? ` to ${program}` : "";
    const from = browser === last.browser ? "" : ", another browser";
    const what = `${request.method} ${request.path}${to}${from}`;
    return cutTo(visible(`${what} → ${brief(answer)}`), width);
  });
}

/** Of an answer that leads on, the body only says where to once more; of a page, its words are enough. */
function brief(answer: string): string {
  const page = /^(\d{3} \(text\/html\b[^)]*\)) (.*)$/s.exec(answer);
  if (page === null) return answer.replace(/^(30[1-8]) .*; (Location: [^;]*)$/s, "$1 $2");
  const [, head = "", body = ""] = page;
  return `${head} ${body
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()}`;
}

/** What came: the whole last answer, when the check was about its status or its body. */
function cameOf({ came }: CheckFailure, answer: string | undefined): string | undefined {
  if (came === undefined || answer === undefined) return came;
  const [status = "", ...body] = answer.split(" ");
  return came === status || came === body.join(" ") || came === "undefined" ? answer : came;
}

/** The last request; of several at the same moment the one with the answer that was not expected. */
function shownRequest({ came = "", sent }: CheckFailure): SentRequest | undefined {
  const last = sent.at(-1);
  if (!/^\d{3}$/.test(came)) return last;
  return sent.findLast(({ answer }) => answer.startsWith(came)) ?? last;
}

function commandLines(
  { commands, moreCommands, sent, together }: CheckFailure,
  width: number,
  { style }: Terminal,
): string[] {
  if (commands.length === 0) {
    if (sent.length === 0) return [];
    return [together > 1 ? "saw nothing of these requests" : "saw nothing of this request"];
  }
  const hidden = commands.slice(COMMANDS_SHOWN).reduce((sum, { times }) => sum + times, 0);
  const left = hidden + moreCommands;
  return [
    ...commands.slice(0, COMMANDS_SHOWN).map((command) => commandLine(command, width, style.dim)),
    ...(left > 0 ? [style.dim(`and ${left} more`)] : []),
  ];
}

/** The command and its reply in one line; where it is too long, of long arguments their beginning: options stand at the end. */
function commandLine(
  { args, reply, times }: SeenCommand,
  width: number,
  paint: (text: string) => string,
): string {
  const isScript = /^(?:EVAL|EVAL_RO)$/i.test(args[0] ?? "");
  const shown = args.map((arg, at) => {
    if (isScript && at === 1) return scriptLabel(arg);
    return arg === "" || /[\s"']/.test(arg) ? JSON.stringify(arg) : arg;
  });
  const often = times === 1 ? "" : `  ${times} times`;
  const most = Math.max(8, Math.floor((width - often.length) / 2));
  const tail = cutTo(` → ${visible(reply ?? "(no answer)")}`, most) + often;
  return fitArguments(shown.map(visible), width - stringWidth(tail)) + paint(tail);
}

/** Cuts the longest arguments first, and as little as is needed. */
function fitArguments(args: readonly string[], width: number): string {
  const parts = [...args];
  for (;;) {
    const over = stringWidth(parts.join(" ")) - width;
    const widths = parts.map((part) => (part.startsWith("<script of ") ? 0 : stringWidth(part)));
    const longest = Math.max(...widths);
    if (over <= 0 || longest <= ARGUMENT_SHOWN) {
      return cutTo(parts.join(" "), width).replace(/…+$/, "…");
    }
    const at = widths.indexOf(longest);
    parts[at] = cutTo(parts[at] ?? "", Math.max(ARGUMENT_SHOWN, longest - over));
  }
}

/** What it printed, without the error that has ended it: that one is told. */
function printedLines(
  { printed, death }: CheckFailure,
  programs: readonly string[],
): readonly string[] {
  const own = death === undefined ? printed : printed.slice(0, startOfDeath(printed, death));
  // The name of a program of which nothing is left to be shown.
  const isBare = programs.some((name) => own.at(-1) === `${name}:`);
  return isBare ? own.slice(0, -1) : own;
}

/** Where the error stands that has ended the program; the length where it was not printed. */
function startOfDeath(printed: readonly string[], { message }: SubmissionError): number {
  // Node points at the place with a caret, two lines below the name of the file.
  const caret = printed.findIndex((line) => /^\s*\^+\s*$/.test(line));
  if (caret >= 0) return Math.max(0, caret - 2);
  const [first = ""] = message.split("\n");
  const told = first.slice(first.indexOf(": ") + 1);
  const at = printed.findLastIndex((line) => /^\S/.test(line) && line.endsWith(told));
  return at < 0 ? printed.length : at;
}
