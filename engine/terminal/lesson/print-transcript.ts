import type { LessonSession, SessionLabel } from "../../lesson/lesson-event.ts";
import { wrap } from "../layout.ts";
import { renderMarkdown } from "../render-markdown.ts";
import type { Terminal } from "../terminal.ts";
import { type LessonView, proseWidth } from "./lesson-view.ts";
import { findFreshSessions, hasMarks, renderEvent, renderLegend } from "./render-event.ts";
import { renderOpening } from "./render-opening.ts";
import { isLog, Spacing } from "./spacing.ts";

/**
 * Plays a lesson straight through and prints what happens. Answers how many of its statements
 * did not hold.
 */
export async function printTranscript(
  session: LessonSession,
  terminal: Terminal,
  { from = 1, layout }: { from?: number; layout: LessonView["layout"] },
): Promise<number> {
  let knowsRecording = session.recording !== undefined;
  let knowsMarks = false;
  const view = (): LessonView => ({
    knowsRecording,
    style: terminal.style,
    width: terminal.columns(),
    layout,
    isSlow: false,
    sessions: session.sessions,
  });
  const spacing = new Spacing();
  const print = (lines: readonly string[], isLogged = false) =>
    terminal.writeLines(spacing.around(lines, isLogged));
  const { lesson } = session;
  print(renderOpening(lesson, await session.redis(), view()));
  if (from === 1 && lesson.introduction.trim() !== "") {
    print(renderMarkdown(lesson.introduction, proseWidth(view()), terminal.style));
  }
  let failures = 0;
  let stated = 0;
  let broken = 0;
  let recorded = 0;
  let isRecorded = false;
  const known = new Set<SessionLabel["id"]>();
  for (let step = from; step <= lesson.steps.length; step += 1) {
    for await (const event of session.play(step)) {
      for (const lines of renderEvent(event, view())) print(lines, isLog(event));
      if (event.kind === "step-begins") isRecorded = event.recording !== undefined;
      knowsRecording ||= isRecorded;
      if (event.kind === "step-begins" && isRecorded) recorded += 1;
      if (event.kind === "expectation" && (!isRecorded || session.recording !== undefined)) {
        stated += 1;
        if (!event.holds) broken += 1;
      }
      if (event.kind === "step-done") failures += event.failures;
      const fresh = findFreshSessions(event, session.sessions, known);
      for (const { id } of fresh) known.add(id);
      const saysMarks: boolean = !knowsMarks && hasMarks(event);
      knowsMarks ||= saysMarks;
      print(renderLegend(fresh, view(), { saysMarks }));
    }
  }
  terminal.writeLines(spacing.close());
  const steps = lesson.steps.length - from + 1;
  const what = `${steps} ${steps === 1 ? "step" : "steps"}, ${stated} statements about what comes`;
  const { good, bad, warn } = terminal.style;
  const { recording } = session;
  if (recording !== undefined) {
    const { date, made, why } = recording;
    const was = `This was a recording of ${date} (${made}): nothing was run. ${why}`;
    terminal.writeLines(wrap(was, proseWidth(view())).map(warn));
    terminal.writeLines(wrap(`${what}: all held when it was made.`, proseWidth(view())));
    return failures;
  }
  const troubles = failures - broken;
  const faults = [
    ...(broken > 0 ? [`${broken} did not hold`] : []),
    ...(troubles > 0
      ? [`${troubles} ${troubles === 1 ? "other thing" : "other things"} went wrong`]
      : []),
  ];
  const verdict =
    failures === 0
      ? `${good("✓")} ${what}: all hold. The programs have been ended.`
      : `${bad("✗")} ${what}: ${faults.join(", ")}.`;
  terminal.writeLines(wrap(verdict, proseWidth(view())));
  if (recorded > 0) {
    const were = recorded === 1 ? "One step was a recording" : `${recorded} steps were recordings`;
    terminal.writeLines(wrap(`${were}: nothing was run there.`, proseWidth(view())).map(warn));
  }
  return failures;
}
