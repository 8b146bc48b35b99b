import type { Examination, Finding } from "../doctor/examine-machine.ts";
import { pad, wrap } from "./layout.ts";
import type { Style } from "./style.ts";

const NAME_WIDTH = 10;

/** What was found on this machine, and which lesson can be played live on it. */
export function renderExamination(
  { findings, lessons }: Examination,
  columns: number,
  style: Style,
): string[] {
  const indent = " ".repeat(NAME_WIDTH + 2);
  const room = Math.min(columns, 100) - indent.length;
  const below = (text: string) => wrap(text, room).map((line) => indent + line);
  const isUsable = !findings.some(({ state }) => state === "bad");
  const titles = Math.max(...lessons.map(({ lesson }) => lesson.title.length), 0);
  return [
    ...findings.flatMap(({ name, state, what, notes, hint }) => {
      const [first = "", ...rest] = wrap(what, room);
      return [
        `${markOf(state, style)} ${pad(name, NAME_WIDTH)}${first}`,
        ...rest.map((line) => indent + line),
        ...notes.flatMap((note) => below(note).map(style.warn)),
        ...(hint === undefined ? [] : below(`→ ${hint}`).map(style.key)),
      ];
    }),
    "",
    ...lessons.map(({ lesson, isLive, why, recordedSteps }) => {
      const steps =
        recordedSteps === 1 ? "one step, which needs" : `${recordedSteps} steps, which need`;
      const but = `, but for ${steps} a redis-server`;
      const live = `${style.good("live")}${recordedSteps === 0 ? "" : style.warn(but)}`;
      const how = isLive ? live : `${style.warn("as a recording")}: ${why}`;
      return `  ${String(lesson.number).padStart(2)}  ${pad(lesson.title, titles)}  ${how}`;
    }),
    "",
    isUsable
      ? `${style.good("All of the workbook can be used here.")} Next: ${style.key("npm run lesson")}`
      : style.bad("Something is missing: see the lines with ✗."),
  ];
}

function markOf(state: Finding["state"], style: Style): string {
  if (state === "good") return style.good("✓");
  return state === "bad" ? style.bad("✗") : style.dim("·");
}
