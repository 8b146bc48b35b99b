import type { LessonSession } from "../../lesson/lesson-event.ts";
import type { Style } from "../style.ts";
import { renderFooter } from "./footer.ts";
import type { LessonView } from "./lesson-view.ts";
import { LAST_CHOICES, NEXT_CHOICE } from "./play-interactively.ts";
import { isLog, Spacing } from "./spacing.ts";
import { findFreshSessions, renderEvent, renderLegend } from "./render-event.ts";

/** Plays one step, and answers the screen that a learner would see at its end. */
export async function renderStep(
  session: LessonSession,
  step: number,
  { style, width }: { style: Style; width: number },
): Promise<{ lines: string[]; failures: number }> {
  const lines: string[] = [];
  const known = new Set<string>();
  const spacing = new Spacing();
  let failures = 0;
  for await (const event of session.play(step)) {
    const { sessions } = session;
    const view: LessonView = { style, width, layout: "framed", isSlow: false, sessions };
    for (const block of renderEvent(event, view)) {
      lines.push(...spacing.around(block, isLog(event)));
    }
    const fresh = findFreshSessions(event, sessions, known);
    for (const { id } of fresh) known.add(id);
    const legend = fresh.length > 0 ? renderLegend(fresh, view, { saysMarks: false }) : [];
    lines.push(...spacing.around(legend, false));
    if (event.kind === "step-done") failures += event.failures;
  }
  const where = `${step}/${session.lesson.steps.length}`;
  lines.push(...spacing.close(), renderFooter(where, [NEXT_CHOICE, ...LAST_CHOICES], width, style));
  return { lines, failures };
}
