import type { BackgroundEvent } from "../../lesson/lesson-event.ts";
import { wrapExactly } from "../layout.ts";
import type { LessonView } from "./lesson-view.ts";
import { markText } from "./mark-text.ts";

/** What happened while no step plays: the learner saved a program, or uses it. */
export function renderBackground(event: BackgroundEvent, view: LessonView): string[] {
  const { style, sessions, width } = view;
  switch (event.kind) {
    case "program-line":
      return wrapExactly(`  ${style.dim(`${event.program}:`)} ${event.line}`, width);
    case "trouble":
      return [
        `${style.bad("✗")} ${event.message}`,
        ...event.details.flatMap((line) => wrapExactly(`    ${line}`, width)),
      ];
    case "program-restarting":
      return [style.dim(`  ${event.file} was saved: ${event.program} starts again …`)];
    case "program-restarted":
      return [
        `  ${style.good("✓")} ${style.bold(event.program)} runs again at ${event.url}; ${style.key("a")} plays this step again`,
      ];
    case "command": {
      const { program, text, reply } = event.command;
      const sent = `  ${style.dim(`${program} → Redis:`)} ${markText(text, sessions, style)}`;
      return wrapExactly(`${sent} ${style.dim(`→ ${reply}`)}`, width).slice(0, 3);
    }
    default:
      return event satisfies never;
  }
}
