import { quote } from "./resp-node.ts";
import { SectionRun } from "./section-run.ts";
import type { Target } from "./targets.ts";
import type { Section, Step } from "./transcript.ts";

/** How the commands of a section are sent. */
export interface Manner {
  readonly protocol: 2 | 3;
  readonly within: "alone" | "transaction" | "script";
}

export const MANNERS: readonly Manner[] = [2, 3].flatMap((protocol) =>
  (["alone", "transaction", "script"] as const).map((within) => ({
    protocol: protocol === 2 ? 2 : 3,
    within,
  })),
);

/** Commands of one connection go in one write as far as nothing else comes between, or one by one. */
export type Pace = "together" | "one by one";

/** What came for one step, as texts. */
export interface StepReplies {
  readonly line: number;
  readonly sent: string;
  readonly replies: readonly string[];
}

/** Whether a section makes sense in this manner. */
export function suits(section: Section, manner: Manner): boolean {
  const { tags } = section;
  if (tags.has("resp2") && manner.protocol !== 2) return false;
  if (tags.has("resp3") && manner.protocol !== 3) return false;
  if (manner.within === "alone") return true;
  return !tags.has("plain") && section.steps.every(isSimple);
}

function isSimple(step: Step): boolean {
  return (
    step.kind === "time" ||
    (step.kind === "send" && step.client === "a" && !step.blocks && step.replies === 1)
  );
}

/**
 * Runs a section on an empty Redis and answers all that came.
 * @throws Error that names the step at which it does not go on
 */
export async function replaySection(
  target: Target,
  section: Section,
  manner: Manner,
  pace: Pace = "together",
): Promise<StepReplies[]> {
  const run = new SectionRun(target, manner);
  try {
    await run.reset();
    const answers = await run.run(section.steps, pace);
    const left = await run.leftOver();
    if (left.length > 0) answers.push({ line: 0, sent: "(nobody asked for)", replies: left });
    return answers;
  } catch (error) {
    const state = target.control.closed ? "has died" : "does not go on";
    const where = `"${section.title}", line ${run.at?.line ?? "(reset)"}`;
    throw new Error(
      `${target.name} ${state} at ${where}, RESP${manner.protocol} ${manner.within}: ${run.at?.text ?? ""}`,
      { cause: error },
    );
  } finally {
    run.close();
  }
}

/** Arguments as a line of a transcript. */
export function showArguments(args: readonly string[]): string {
  return args.map((arg) => (/^[\w:*.+([-]+$/.test(arg) ? arg : quote(arg))).join(" ");
}
