import { looksLikeJson, readJsonPattern } from "../expect/json-pattern.ts";
import { PatternMistake, readPattern, saysSomething } from "../expect/pattern.ts";
import type { AnswerPattern, HttpExpectBlock, RequestText } from "../lesson.ts";
import type { DocumentState } from "./document-state.ts";
import type { Fence } from "./split-document.ts";

const REQUEST_LINE = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/\S*)$/;
const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/;
const DEFAULT_BROWSER = "visitor";

/** Reads an `http` block: one request, or several of a race. */
export function parseHttp(fence: Fence, state: DocumentState): RequestText[] {
  const isRace = fence.words[0] === "race";
  const words = isRace ? fence.words.slice(1) : fence.words;
  const target = readTarget(words, fence.line, state);
  const parts = isRace ? splitParts(fence.text) : [{ text: fence.text, offset: 0 }];
  if (isRace && parts.length < 2) {
    state.mistakes.add(
      fence.line,
      "A race has one request.",
      "Add others, separated by a line ---.",
    );
  }
  return parts.flatMap(({ text, offset }) => {
    const line = fence.line + 1 + offset;
    const request = parseRequest(text, line, target, state);
    if (isRace && request !== undefined) state.useInRace(request.to, line);
    return request === undefined ? [] : [request];
  });
}

/** Reads an `http expect` block with as many answers as there were requests. */
export function parseHttpExpect(
  fence: Fence,
  requests: number,
  state: DocumentState,
): HttpExpectBlock {
  const rest = fence.words.slice(1).join(" ");
  if (rest !== "" && rest !== "any order") {
    state.mistakes.add(
      fence.line,
      `http expect does not know ${rest}.`,
      "Write http expect, or http expect any order.",
    );
  }
  const parts = requests > 1 ? splitParts(fence.text) : [{ text: fence.text, offset: 0 }];
  if (requests > 0 && parts.length !== requests) {
    state.mistakes.add(
      fence.line,
      `There are ${requests} requests and ${parts.length} answers.`,
      "Give one answer for each request, separated by a line ---.",
    );
  }
  return {
    line: fence.line,
    anyOrder: rest === "any order",
    answers: parts.map(({ text, offset }) => parseAnswer(text, fence.line + 1 + offset, state)),
  };
}

function readTarget(
  words: readonly string[],
  line: number,
  state: DocumentState,
): { as: string; to: string } {
  const target = { as: DEFAULT_BROWSER, to: state.apps[0]?.name ?? "" };
  for (const word of words) {
    const [, key, value] = /^(as|to)=(\w+)$/.exec(word) ?? [];
    if (key === "as") target.as = value ?? "";
    else if (key === "to") target.to = value ?? "";
    else {
      state.mistakes.add(
        line,
        `http does not know ${word}.`,
        "Write as=<browser>, to=<program>, or race first.",
      );
    }
  }
  return target;
}

function parseRequest(
  text: string,
  line: number,
  target: { as: string; to: string },
  state: DocumentState,
): RequestText | undefined {
  const lines = text.split("\n");
  let at = 0;
  let { as, to } = target;
  if (/^(?:as|to)=/.test(lines[0] ?? "")) {
    const own = readTarget((lines[0] ?? "").trim().split(/\s+/), line, state);
    if (/\bas=/.test(lines[0] ?? "")) as = own.as;
    if (/\bto=/.test(lines[0] ?? "")) to = own.to;
    at = 1;
  }
  state.useBrowser(as);
  state.useApp(to, line);
  const [, method, path] = REQUEST_LINE.exec((lines[at] ?? "").trim()) ?? [];
  if (method === undefined || path === undefined) {
    return state.mistakes.add(
      line + at,
      `${JSON.stringify(lines[at] ?? "")} is no request line.`,
      "Write a method and a path, such as GET /cart.",
    );
  }
  state.useNames(path, line + at);
  at += 1;
  const headers: [string, string][] = [];
  for (; at < lines.length && lines[at]?.trim() !== ""; at += 1) {
    const [, name, value] = HEADER.exec(lines[at] ?? "") ?? [];
    if (name === undefined || value === undefined) {
      return state.mistakes.add(
        line + at,
        `${JSON.stringify(lines[at] ?? "")} is no header.`,
        "Write Name: value, and an empty line before the body.",
      );
    }
    state.useNames(value, line + at);
    headers.push([name, value]);
  }
  const body = lines
    .slice(at + 1)
    .join("\n")
    .trimEnd();
  if (body !== "") {
    state.useNames(body, line + at + 1);
    if (!headers.some(([name]) => name.toLowerCase() === "content-type")) {
      state.mistakes.add(
        line + at + 1,
        "The request has a body and no Content-Type.",
        "Add a line Content-Type: application/json, or the like.",
      );
    }
  }
  return { as, to, method, path, headers, body };
}

function parseAnswer(text: string, line: number, state: DocumentState): AnswerPattern {
  const lines = text.split("\n");
  const status = (lines[0] ?? "").trim();
  if (!/^\d{3}\b/.test(status)) {
    state.mistakes.add(
      line,
      `${JSON.stringify(status)} is no status line.`,
      "Begin with the status, such as 200 OK.",
    );
  }
  const headers: [string, string][] = [];
  const absent: string[] = [];
  let at = 1;
  for (; at < lines.length && lines[at]?.trim() !== ""; at += 1) {
    const written = (lines[at] ?? "").trim();
    const missing = /^\(no ([\w-]+)\)$/.exec(written)?.[1];
    const [, name, value] = HEADER.exec(written) ?? [];
    if (missing !== undefined) absent.push(missing);
    else if (name !== undefined && value !== undefined) {
      state.usePattern(value, line + at);
      headers.push([name, value]);
    } else {
      state.mistakes.add(
        line + at,
        `${JSON.stringify(written)} is no header.`,
        "Write Name: value or (no Name), and an empty line before the body.",
      );
    }
  }
  const body = lines
    .slice(at + 1)
    .join("\n")
    .trimEnd();
  const bodyKind = looksLikeJson(body) ? "json" : "text";
  if (body !== "") checkBody(body, bodyKind, line + at + 1, state);
  return { status, headers, absent, body: body === "" ? undefined : body, bodyKind };
}

function checkBody(body: string, kind: "json" | "text", line: number, state: DocumentState): void {
  if (kind === "json") {
    try {
      readJsonPattern(body);
    } catch (error) {
      if (!(error instanceof PatternMistake)) throw error;
      state.mistakes.add(line, error.message, error.remedy);
      return;
    }
  }
  body.split("\n").forEach((each, index) => state.usePattern(each, line + index));
  const says = body.split("\n").some((each) => {
    try {
      return saysSomething(readPattern(each));
    } catch {
      // Reported already.
      return true;
    }
  });
  if (!says) {
    state.mistakes.add(
      line,
      "The expected body would match anything.",
      "Name at least a word of it, or leave it out.",
    );
  }
}

/** Requests or answers of a race, with the number of lines before each. */
function splitParts(text: string): { text: string; offset: number }[] {
  const parts: { text: string; offset: number }[] = [];
  let offset = 0;
  for (const part of text.split(/^---$/m)) {
    const inner = part.replace(/^\n/, "");
    const skipped = part.length === inner.length ? 0 : 1;
    const own = inner.replace(/\n$/, "");
    parts.push({ text: own.trimStart(), offset: offset + skipped });
    offset += part.split("\n").length - 1;
  }
  return parts;
}
