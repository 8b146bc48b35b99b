import * as v from "valibot";

// What one grading found, as plain data: for `npm test … json`, and in `.workbook/reports`. The
// descriptions are for other programs: report.schema.json is made of them, by its test.

const described = <S extends v.GenericSchema>(schema: S, text: string) =>
  v.pipe(schema, v.description(text));
const record = <E extends v.ObjectEntries>(entries: E) =>
  v.pipe(v.strictObject(entries), v.readonly());
const list = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const amount = v.pipe(v.number(), v.minValue(0));

const submissionError = record({
  message: v.string(),
  file: described(v.optional(v.string()), "Absolute path of the submission's file."),
  line: v.optional(count),
  source: described(v.optional(v.string()), "What stands in that line."),
});

const seenCommand = record({
  args: list(v.string()),
  reply: described(
    v.optional(v.string()),
    "As redis-cli prints it, in one line; left out: none came.",
  ),
  times: described(count, "So often in a row, with the same reply."),
});

const sentRequest = record({
  program: described(v.string(), "The program that it went to."),
  request: record({
    method: v.string(),
    path: described(v.string(), "With the query."),
    headers: v.optional(v.pipe(v.record(v.string(), v.string()), v.readonly())),
    body: described(
      v.optional(v.custom<string | Uint8Array | object>((body) => body !== null)),
      "A text was sent as it is, anything else as JSON.",
    ),
  }),
  baseUrl: v.string(),
  browser: described(
    count,
    "The browser that it came from: those of a check are counted from 1, by which sent something first.",
  ),
  cookie: described(v.string(), "The Cookie header; empty: there was none to send."),
  answer: described(
    v.string(),
    'Status and body in a line, such as 401 {"error":"…"}, shortened; or why none came.',
  ),
});

const checkFailure = record({
  why: described(v.string(), "The behaviour that does not hold, in a sentence."),
  expected: v.optional(v.string()),
  came: v.optional(v.string()),
  sent: described(list(sentRequest), "The last requests of the check, oldest first."),
  together: described(
    count,
    "So many requests were under way at the same moment when it failed; 1: one after the other.",
  ),
  commands: described(
    list(seenCommand),
    "What the last request asked of Redis, or all those under way together.",
  ),
  moreCommands: described(count, "How many more there were."),
  evidence: described(
    list(record({ title: v.string(), lines: list(v.string()) })),
    "What else matters, such as the keys that Redis held.",
  ),
  printed: described(
    list(v.string()),
    "What the programs printed to stderr meanwhile: the newest lines, with the submission's own frames only.",
  ),
  death: described(
    v.optional(submissionError),
    "A program ended meanwhile: its own error, without frames of the grader or of packages.",
  ),
});

const checkResult = record({
  number: described(count, "As in the exercise's README."),
  title: v.string(),
  part: count,
  points: described(amount, "What it is worth, passed or not; not rounded."),
  passed: v.boolean(),
  failure: described(
    v.optional(checkFailure),
    "Left out: it has passed, or nothing could be graded.",
  ),
});

const partResult = record({
  number: count,
  title: v.string(),
  passed: described(count, "How many of its checks passed."),
  checks: described(count, "How many of its checks were run."),
  points: count,
  maximumPoints: count,
});

export const reportSchema = record({
  version: described(v.literal(1), "Raised when something here changes its meaning."),
  slug: described(v.string(), "The exercise."),
  folder: described(v.string(), "Absolute path of what was graded."),
  programs: described(
    list(v.string()),
    "The programs of the exercise; `npm start` gives them the ports from 3000 on, in this order.",
  ),
  verdict: v.picklist(["pass", "fail", "could-not-be-graded"]),
  failure: described(
    v.optional(submissionError),
    "With could-not-be-graded: the submission's own error.",
  ),
  seed: described(v.number(), "Where random values of the checks come from."),
  redis: described(v.string(), "Which Redis, in a line; empty: none was needed."),
  results: described(list(checkResult), "The checks that were run, in the order of the README."),
  parts: list(partResult),
  points: count,
  maximumPoints: described(count, "Of the checks that were run; of all together 100."),
  types: described(
    v.optional(v.string()),
    "A line about the types, which decide nothing; left out: all is well, or not known in time.",
  ),
  diagnoses: described(
    list(v.string()),
    "What the failures look like: sentences of the known wrong answers that fail the same way.",
  ),
  durationMs: amount,
});

export type Report = v.InferOutput<typeof reportSchema>;
/** An error of the submission, without frames of the grader or of packages. */
export type SubmissionError = v.InferOutput<typeof submissionError>;
export type CheckResult = v.InferOutput<typeof checkResult>;
export type CheckFailure = v.InferOutput<typeof checkFailure>;
/** A command that a program sent to Redis. */
export type SeenCommand = v.InferOutput<typeof seenCommand>;
/** Data from which `toCurl` makes a line. */
export type SentRequest = v.InferOutput<typeof sentRequest>;
