import type { LessonEvent } from "../lesson-event.ts";

/**
 * What two runs of a step must have in common, a line for each event: what is done, asked and stated,
 * and not times, ports, IDs and what programs print when they like.
 */
export function describeShape(events: readonly LessonEvent[]): string[] {
  return events.flatMap((event) => describe(event) ?? []);
}

function describe(event: LessonEvent): string | undefined {
  switch (event.kind) {
    case "prose":
      return `prose ${event.markdown}`;
    case "code":
      return `code ${event.source?.file ?? ""} ${event.text}`;
    case "request-sent":
      return event.requests
        .map(({ as, to, method, path }) => `${as} → ${to}: ${method} ${path}`)
        .join(", ");
    case "exchange":
      return `answers ${event.pairs.map(({ answer }) => answer.status).join(", ")}`;
    case "expectation":
      return `${event.block}, line ${event.line}: ${event.holds ? "holds" : "does not hold"}`;
    case "redis":
      return `redis ${event.on ?? ""}`;
    case "action-begins":
    case "action-done":
      return `${event.kind} ${event.text}`;
    case "output":
      return `output, exit ${event.exitCode}`;
    case "chart":
      return `chart ${event.title}: ${event.bars.map(([label]) => label).join(", ")}`;
    case "question":
    case "truth":
      return `${event.kind} ${event.choices.join(" / ")}`;
    case "trouble":
      return `trouble ${event.message}`;
    case "diagram":
    case "time":
      return event.text;
    case "program-line":
    case "replaying":
    case "step-begins":
    case "step-done":
      return undefined;
    default:
      return event satisfies never;
  }
}
