import path from "node:path";
import { toCurl } from "../../http/to-curl.ts";
import type {
  CheckFailure,
  SeenCommand,
  SentRequest,
  SubmissionError,
} from "../../grader/report.ts";
import { cutTo } from "../keys/cut-to.ts";
import { wrap } from "../layout.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "./visible.ts";

/** `npm start` gives the programs of an exercise the ports from here on. */
const FIRST_PORT = 3000;
const LABEL_WIDTH = "Expected  ".length;
const COMMANDS_SHOWN = 12;

/** A failed check in full: the sentence, what was sent, what was expected, what came, what Redis saw. */
export function failureLines(
  failure: CheckFailure,
  programs: readonly string[],
  repository: string,
  terminal: Terminal,
): string[] {
  const { style, columns } = terminal;
  const width = Math.max(40, columns() - 4);
  const { expected, death, evidence, printed } = failure;
  const last = shownRequest(failure);
  const label = (name: string, text: string) => `${style.dim(name.padEnd(LABEL_WIDTH))}${text}`;
  const shown = (name: string, text: string) =>
    wrap(visible(text), width - LABEL_WIDTH).map((line, at) => label(at === 0 ? name : "", line));
  const lines = wrap(visible(failure.why), width);
  if (death !== undefined) {
    lines.push("", "The program ended:", ...errorLines(death, repository, terminal));
  }
  lines.push("");
  if (last !== undefined) {
    if (failure.together > 1) {
      lines.push(label("Sent", `${failure.together} requests at the same moment, such as`));
    }
    // In one line, whatever its length: it is there to be copied.
    lines.push(label(failure.together > 1 ? "" : "Sent", curlOf(last, programs)));
  }
  // Of something that holds or not the sentence says all.
  const isPlain = expected === "true" || expected === "false";
  if (expected !== undefined && !isPlain) lines.push(...shown("Expected", expected));
  const came = isPlain ? undefined : cameOf(failure, last?.answer);
  if (came !== undefined) lines.push(...shown("Came", came));
  if (last !== undefined && ![came, failure.why].includes(last.answer) && death === undefined) {
    lines.push(...shown("Answer", last.answer));
  }
  const redis = commandLines(failure, width - LABEL_WIDTH, terminal);
  lines.push(...redis.map((line, at) => label(at === 0 ? "Redis" : "", line)));
  for (const { title, lines: list } of evidence) {
    if (list.length === 0) continue;
    lines.push(
      "",
      `${visible(title)}:`,
      ...list.slice(0, 20).map((one) => `  ${cutTo(visible(one), width - 2)}`),
    );
  }
  if (printed.length > 0) {
    lines.push(
      "",
      "Your program printed:",
      ...printed.map((one) => `  ${cutTo(visible(one), width - 2)}`),
    );
  }
  return lines;
}

/** The learner's own error, its place, and what stands there. */
export function errorLines(
  error: SubmissionError | undefined,
  repository: string,
  { style, columns }: Terminal,
): string[] {
  if (error === undefined) return [];
  const { message, file, line, source } = error;
  const lines = wrap(visible(message), columns() - 6).map((one) => `  ${one}`);
  if (file !== undefined) {
    const shown = path.relative(repository, file).replaceAll("\\", "/");
    lines.push(`  at ${shown}${line === undefined ? "" : `:${line}`}`);
  }
  if (source !== undefined) lines.push(`     ${style.code(cutTo(visible(source), columns() - 8))}`);
  return lines;
}

function curlOf({ request, cookie, program }: SentRequest, programs: readonly string[]): string {
  const headers = cookie === "" ? request.headers : { ...request.headers, Cookie: cookie };
  const port = FIRST_PORT + Math.max(0, programs.indexOf(program));
  return visible(toCurl({ ...request, ...(headers && { headers }) }, `http://localhost:${port}`));
}

/** What came: the whole last answer, when the check was about its status or its body. */
function cameOf({ came, together }: CheckFailure, answer: string | undefined): string | undefined {
  if (came === undefined || answer === undefined || together > 1) return came;
  const [status = "", ...body] = answer.split(" ");
  return came === status || came === body.join(" ") || came === "undefined" ? answer : came;
}

/** The last request; of several at the same moment the one with the answer that was not expected. */
function shownRequest({ came = "", sent, together }: CheckFailure): SentRequest | undefined {
  const last = sent.at(-1);
  if (!/^\d{3}$/.test(came) || together > 1) return last;
  return sent.findLast(({ answer }) => answer.startsWith(came)) ?? last;
}

function commandLines(
  { commands, moreCommands, sent }: CheckFailure,
  width: number,
  { style }: Terminal,
): string[] {
  if (commands.length === 0) return sent.length > 0 ? ["saw nothing"] : [];
  const hidden = commands.slice(COMMANDS_SHOWN).reduce((sum, { times }) => sum + times, 0);
  const left = hidden + moreCommands;
  return [
    ...commands.slice(0, COMMANDS_SHOWN).map((command) => commandLine(command, width, style.dim)),
    ...(left > 0 ? [style.dim(`and ${left} more`)] : []),
  ];
}

function commandLine(
  { args, reply, times }: SeenCommand,
  width: number,
  paint: (text: string) => string,
) {
  const isScript = /^(?:EVAL|EVAL_RO)$/i.test(args[0] ?? "");
  const shown = args.map((arg, at) => {
    if (isScript && at === 1) return `<script of ${arg.trim().split("\n").length} lines>`;
    return arg === "" || /[\s"']/.test(arg) ? JSON.stringify(arg) : arg;
  });
  const often = times === 1 ? "" : `  ${times} times`;
  const tail = cutTo(` → ${visible(reply ?? "(no answer)")}`, Math.max(16, width >> 1)) + often;
  return cutTo(visible(shown.join(" ")), Math.max(20, width - tail.length)) + paint(tail);
}
