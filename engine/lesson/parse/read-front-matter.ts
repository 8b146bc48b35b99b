import * as v from "valibot";
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { Lesson, LessonApp } from "../lesson.ts";
import { type MistakeCollector, suggest } from "./lesson-mistakes.ts";

/** What the head of a document says, and where the document goes on. */
export interface FrontMatter extends Omit<Lesson, "introduction" | "steps"> {
  /** The document after it. */
  readonly rest: string;
  /** Lines before `rest`. */
  readonly lines: number;
}

const text = v.pipe(v.string("It must be a text."), v.trim(), v.minLength(1, "It is empty."));
const file = v.pipe(
  text,
  v.regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/, "It must be a file in the lesson's folder."),
);
const name = v.pipe(
  v.string(),
  v.regex(/^[a-z]\w*$/i, "The name of a program is one word of letters, digits and _."),
);
const app = v.union(
  [
    file,
    v.strictObject({
      file,
      start: v.optional(v.literal("by-hand")),
      env: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
    }),
  ],
  "It must be a file, or { file: …, start: by-hand, env: { … } }.",
);
const schema = v.strictObject({
  title: text,
  minutes: v.pipe(
    v.number("It must be a number."),
    v.integer("It must be a whole number."),
    v.minValue(1, "It must be at least 1."),
    v.maxValue(90, "It must be at most 90."),
  ),
  redis: v.picklist(["any", "server", "sentinel"], "It must be any, server or sentinel."),
  server: v.optional(v.array(text, "It must be a list of the titles of steps.")),
  app: v.optional(app),
  apps: v.optional(v.record(name, app)),
  needs: v.optional(text),
  after: v.optional(v.array(text, "It must be a list of texts.")),
  exercise: v.optional(text),
  actions: v.optional(file),
  cookie: v.optional(text),
});
const KEYS = Object.keys(schema.entries);

/** Reads the front matter; undefined when it is not usable, with the mistakes noted. */
export function readFrontMatter(
  document: string,
  mistakes: MistakeCollector,
): FrontMatter | undefined {
  const match = /^---\n([\s\S]*?)\n---\n/.exec(document);
  const yaml = match?.[1];
  if (match === null || yaml === undefined) {
    return mistakes.add(
      1,
      "The document does not begin with front matter.",
      "Begin it with a line ---, then title, minutes and redis, then a line ---.",
    );
  }
  const counter = new LineCounter();
  const parsed = parseDocument(yaml, { lineCounter: counter });
  // The line of --- comes before.
  const lineAt = (offset: number) => counter.linePos(offset).line + 1;
  for (const error of parsed.errors) {
    const [first = ""] = error.message.split(/ at line|\n/);
    mistakes.add(
      lineAt(error.pos[0]),
      `The front matter is not YAML: ${first}.`,
      "Mend this line.",
    );
  }
  if (parsed.errors.length > 0) return undefined;
  const root = isMap(parsed.contents) ? parsed.contents : undefined;
  const result = v.safeParse(schema, parsed.toJS() ?? {});
  if (result.success) {
    const { app: only, apps, ...facts } = result.output;
    if (only !== undefined && apps !== undefined) {
      return mistakes.add(
        lineAt(offsetOf(root, ["app"])),
        "The front matter has both app and apps.",
        "Move the program into apps.",
      );
    }
    return {
      title: facts.title,
      minutes: facts.minutes,
      redis: facts.redis,
      server: facts.server ?? [],
      apps: Object.entries(only === undefined ? (apps ?? {}) : { app: only }).map(toApp),
      needs: facts.needs,
      after: facts.after ?? [],
      exercise: facts.exercise,
      actions: facts.actions,
      cookie: facts.cookie,
      rest: document.slice(match[0].length),
      lines: match[0].split("\n").length - 1,
    };
  }
  for (const issue of result.issues.flatMap(innermost)) {
    const path = (issue.path ?? []).map((item) => String(item.key));
    report(issue, path, lineAt(offsetOf(root, path)), mistakes);
  }
  return undefined;
}

function report(
  issue: v.BaseIssue<unknown>,
  path: readonly string[],
  line: number,
  mistakes: MistakeCollector,
): void {
  const key = path.join(".");
  const isMissing = issue.received === "undefined" && issue.expected !== "never";
  if (issue.expected === "never") {
    const known = path.length === 1 ? KEYS : ["file", "start", "env"];
    mistakes.add(line, `The front matter has no key ${key}.`, suggest(path.at(-1) ?? "", known));
  } else if (isMissing) {
    mistakes.add(1, `The front matter lacks ${key}.`, `Add a line ${key}: …`);
  } else {
    mistakes.add(line, `${key} is ${JSON.stringify(issue.input)}.`, issue.message);
  }
}

/** Of `file or { … }` the alternative that was meant says what is wrong. */
function innermost(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown>[] {
  const inner = issue.issues?.filter(({ path }) => (path?.length ?? 0) > (issue.path?.length ?? 0));
  if (inner !== undefined && inner.length > 0) return inner.flatMap(innermost);
  // A text that is no file in the folder: the first alternative knows why.
  const ofText = issue.issues?.find(({ type }) => type === "regex");
  return [ofText ?? issue];
}

function toApp([appName, value]: readonly [string, v.InferOutput<typeof app>]): LessonApp {
  if (typeof value === "string") return { name: appName, file: value, byHand: false, env: {} };
  return {
    name: appName,
    file: value.file,
    byHand: value.start === "by-hand",
    env: Object.fromEntries(
      Object.entries(value.env ?? {}).map(([key, each]) => [key, String(each)]),
    ),
  };
}

/** Where a key stands; of what is not there, the part that is. */
function offsetOf(root: YAMLMap | undefined, path: readonly string[]): number {
  let map: unknown = root;
  let offset = 0;
  for (const key of path) {
    if (!isMap(map)) break;
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair === undefined) break;
    if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
    map = pair.value;
  }
  return offset;
}
