import { UserError } from "../../../../engine/errors.ts";

// The format of corpus/*.txt
//
//   # a comment
//   == title [plain] [resp2] [resp3]     a section: empty Redis, new connections, default settings
//   > SET k "a\x00b"                     connection `a` sends, and one reply is awaited
//   b>3 SUBSCRIBE x y z                  connection `b`, three replies
//   b! BLPOP list 0                      sent, and Redis has blocked the client before the next line
//   b<2                                  two more replies or pushes of `b`
//   b|1 "*1\r\n$4\r\nPING\r\n"           these very bytes, then one reply (b|0: none)
//   {  …  }                              the lines between are sent in one write
//   time +10s                            time passes (ms, s, m, h)
//   b closed                             Redis closes the connection
//   b hangup                             the client closes the connection
//
// {now+10} and {nowms+10} are the clock of that Redis in s and ms (and more), {id:b} is the CLIENT ID of `b`,
// {x:100} is 100 times the letter x. A section without [plain] is also run with each of its commands
// in MULTI, and with each of them in a script.
export type Step =
  | {
      readonly kind: "send";
      readonly line: number;
      readonly text: string;
      readonly client: string;
      readonly args: readonly string[];
      readonly replies: number;
      readonly blocks: boolean;
    }
  | {
      readonly kind: "raw";
      readonly line: number;
      readonly text: string;
      readonly client: string;
      readonly bytes: string;
      readonly replies: number;
    }
  | {
      readonly kind: "take";
      readonly line: number;
      readonly text: string;
      readonly client: string;
      readonly replies: number;
    }
  | {
      readonly kind: "pipeline";
      readonly line: number;
      readonly text: string;
      readonly steps: readonly Extract<Step, { kind: "send" }>[];
    }
  | { readonly kind: "time"; readonly line: number; readonly text: string; readonly ms: number }
  | {
      readonly kind: "closed";
      readonly line: number;
      readonly text: string;
      readonly client: string;
    }
  | {
      readonly kind: "hangup";
      readonly line: number;
      readonly text: string;
      readonly client: string;
    };

export interface Section {
  readonly title: string;
  readonly tags: ReadonlySet<string>;
  readonly steps: readonly Step[];
}

export interface Transcript {
  readonly name: string;
  readonly sections: readonly Section[];
}

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** @throws UserError with file and line when a line cannot be read */
export function parseTranscript(name: string, text: string): Transcript {
  const sections: { title: string; tags: Set<string>; steps: Step[] }[] = [];
  let pipeline: { line: number; steps: Extract<Step, { kind: "send" }>[] } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const title = /^== (.*?)((?: \[\w+\])*)$/.exec(content);
    if (title) {
      const tags = [...(title[2] ?? "").matchAll(/\[(\w+)\]/g)].map((match) => match[1] ?? "");
      sections.push({ title: title[1] ?? "", tags: new Set(tags), steps: [] });
      continue;
    }
    const section = sections.at(-1);
    if (!section) throw unreadable(name, line, raw);
    if (content === "{") pipeline = { line, steps: [] };
    else if (content === "}" && pipeline) {
      const { steps } = pipeline;
      section.steps.push({ kind: "pipeline", line: pipeline.line, text: "{ … }", steps });
      pipeline = undefined;
    } else {
      const step = parseStep(line, content);
      if (!step) throw unreadable(name, line, raw);
      if (!pipeline) section.steps.push(step);
      else if (step.kind === "send") pipeline.steps.push(step);
      else throw unreadable(name, line, raw);
    }
  }
  return { name, sections };
}

function unreadable(name: string, line: number, text: string): UserError {
  return new UserError(`${name}, line ${line} is not a line of a transcript: ${text}`, {
    hint: "The format is explained in tests/engine/redis/parity/transcript.ts",
  });
}

function parseStep(line: number, text: string): Step | undefined {
  const time = /^time \+(\d+)(ms|s|m|h)$/.exec(text);
  if (time)
    return { kind: "time", line, text, ms: Number(time[1]) * (UNITS_MS[time[2] ?? ""] ?? 0) };
  const end = /^([a-z]\d?) (closed|hangup)$/.exec(text);
  if (end)
    return { kind: end[2] === "closed" ? "closed" : "hangup", line, text, client: end[1] ?? "a" };
  const match = /^([a-z]\d?)?([>!<|])(\d*)(?: (.*))?$/.exec(text);
  if (!match) return undefined;
  const client = match[1] ?? "a";
  const replies = match[3] ? Number(match[3]) : 1;
  const args = splitArguments(match[4] ?? "");
  if (!args) return undefined;
  if (match[2] === "<") return { kind: "take", line, text, client, replies };
  if (match[2] === "|") return { kind: "raw", line, text, client, bytes: args.join(""), replies };
  const blocks = match[2] === "!";
  return { kind: "send", line, text, client, args, replies: blocks ? 0 : replies, blocks };
}

/** Words and "quoted\n\x00" words, as redis-cli reads them; 'single' quotes are taken as they are. */
export function splitArguments(text: string): string[] | undefined {
  const args: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']\S*))(?=\s|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    args.push(match[1] === undefined ? (match[2] ?? match[3] ?? "") : unescape(match[1]));
  }
  return args;
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b" };

function unescape(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|(.))/g,
    (_, hex: string | undefined, other: string) =>
      hex === undefined
        ? (ESCAPES[other] ?? other)
        : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
