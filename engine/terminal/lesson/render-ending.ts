import type { LessonSession } from "../../lesson/lesson-event.ts";
import { wrap } from "../layout.ts";
import { type LessonView, proseWidth } from "./lesson-view.ts";

/** The end of a lesson: what one can do now, what runs, what comes next. */
export function renderEnding(
  session: LessonSession,
  next: readonly string[],
  view: LessonView,
): string[] {
  const { style } = view;
  const width = proseWidth(view) - 4;
  const running = session.programs.filter(({ url }) => url !== undefined);
  const after = session.lesson.after.flatMap((each) =>
    wrap(each, width).map((line, at) => `${at === 0 ? `  ${style.good("✓")} ` : "    "}${line}`),
  );
  return [
    style.heading("The end of this lesson"),
    ...(after.length === 0 ? [] : ["", "You can now", ...after]),
    ...(running.length === 0
      ? []
      : [
          "",
          ...wrap(
            "These programs stay up until Ctrl-C; what they ask of Redis is shown here:",
            width + 4,
          ),
          ...running.map(
            ({ name, url, file }) => `  ${style.bold(name)} ${url ?? ""} ${style.dim(file)}`,
          ),
        ]),
    ...(next.length === 0 ? [] : ["", ...next.flatMap((line) => wrap(line, width + 4))]),
  ];
}
