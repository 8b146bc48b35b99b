import type { CheckFailure, Report } from "../../../engine/grader/report.ts";

/** What differs from run to run, and what stands for it. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/, on port \d+/g, ""],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<moment>"],
  [/\bs(?:%3A|:)[\w%.+/=-]{20,}/g, "<cookie>"],
  [/\b[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}\b/g, "<uuid>"],
  [/(?<![\w-])(?=(?:[\w-]*[\dA-Z]){3})(?=[\w-]*[a-z])[\w-]{20,}(?![\w-])/g, "<random>"],
  [/\b(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{12,}\b/g, "<random>"],
  // Bytes in Redis depend on what was hashed.
  [/\b\d{4,}(?= (?:more )?bytes| three days later)|^\d{4,}$/g, "<number>"],
  // The check itself takes a second now and then.
  [/(?<="averageVisitSeconds":)[1-9](?!\d)/g, "0"],
  // Which of several at the same moment comes first.
  [/\bSK-\d+/g, "SK-<number>"],
  [/\b\d{5,}(?:\.\d+)?(?:-\d+)?\b/g, "<number>"],
  // Seconds and milliseconds that are left depend on how long the requests took.
  [/(?<=Retry-After: )\d+/g, "<seconds>"],
  [/(?<=^\(integer\) )\d{2,}$/g, "<number>"],
  [/ \(\d+ times\)$/g, " (<number> times)"],
  // A client that tries again and again says so each time.
  [/^… and \d+ more lines$/g, "… and <number> more lines"],
];

/** Days are those around the run; their order is kept. */
const DAY = /\b20\d\d-\d\d-\d\d(?![\dT-])/g;

/** A report in which everything that differs from run to run is replaced: before it is laid out, since lines break by its length. */
export function withoutChance(report: Report): Report {
  const text = JSON.stringify(report);
  const days = [...new Set(text.match(DAY))].toSorted();
  const steady = (value: unknown): unknown => {
    if (typeof value === "string") {
      const sameDays = value.replaceAll(DAY, (day) => `2030-01-${10 + days.indexOf(day)}`);
      return CHANCE.reduce((all, [pattern, word]) => all.replaceAll(pattern, word), sameDays);
    }
    if (Array.isArray(value)) return value.map(steady);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, steady(one)]));
  };
  const results = report.results.map((result) => ({
    ...result,
    failure: result.failure && withoutRaces(withoutAmounts(result.failure)),
  }));
  // The folder is shown relative to the repository, wherever that lies.
  return { ...(steady({ ...report, results }) as Report), folder: report.folder, durationMs: 0 };
}

/** What has come of that which has to be less than some amount. */
function withoutAmounts(failure: CheckFailure): CheckFailure {
  return failure.expected?.startsWith("less than") ? { ...failure, came: "<number>" } : failure;
}

function withoutRaces(failure: CheckFailure): CheckFailure {
  // What a program prints in the middle of a request may come a moment later.
  if (failure.sent.at(-1)?.answer === "none yet") return { ...failure, printed: [] };
  if (failure.together === 1) return failure;
  // Of requests at the same moment: how those that follow are mixed is up to the programs.
  return { ...failure, commands: failure.commands.slice(0, 2), moreCommands: 0 };
}
