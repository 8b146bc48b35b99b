import {
  MANNERS,
  type Manner,
  type Pace,
  replaySection,
  type StepReplies,
  suits,
} from "./replay.ts";
import { isSameReply } from "./same-reply.ts";
import type { Target } from "./targets.ts";
import type { Section, Transcript } from "./transcript.ts";

/** One step that the two answered differently. */
export interface Difference {
  readonly where: string;
  readonly sent: string;
  readonly server: readonly string[];
  readonly embedded: readonly string[];
}

export interface Comparison {
  readonly steps: number;
  readonly differences: readonly Difference[];
}

/** Replays transcripts on both, in every manner (or each of `manners`) that suits. */
export async function compareCorpus(
  server: Target,
  embedded: Target,
  transcripts: readonly Transcript[],
  { pace = "together", manners = MANNERS }: { pace?: Pace; manners?: readonly Manner[] } = {},
): Promise<Comparison> {
  const differences: Difference[] = [];
  let steps = 0;
  for (const { transcript, section, manner } of runsOf(transcripts, manners)) {
    const [right, ours] = await Promise.all([
      replaySection(server, section, manner, pace),
      replaySection(embedded, section, manner, pace),
    ]);
    steps += right.length;
    differences.push(...differencesOf(nameRun(transcript, section, manner), right, ours));
  }
  return { steps, differences };
}

export interface Run {
  readonly transcript: Transcript;
  readonly section: Section;
  readonly manner: Manner;
}

export function runsOf(
  transcripts: readonly Transcript[],
  manners: readonly Manner[] = MANNERS,
): Run[] {
  return transcripts.flatMap((transcript) =>
    transcript.sections.flatMap((section) =>
      manners
        .filter((manner) => suits(section, manner))
        .map((manner) => ({ transcript, section, manner })),
    ),
  );
}

export function nameRun(
  transcript: Transcript,
  section: Section,
  { protocol, within }: Manner,
): string {
  return `${transcript.name}: ${section.title} (RESP${protocol}${within === "alone" ? "" : `, in a ${within}`})`;
}

export function differencesOf(
  where: string,
  right: readonly StepReplies[],
  ours: readonly StepReplies[],
): Difference[] {
  const differences: Difference[] = [];
  for (let index = 0; index < Math.max(right.length, ours.length); index++) {
    const server = right[index];
    const embedded = ours[index];
    if (isSame(server?.replies, embedded?.replies)) continue;
    const line = server?.line ?? embedded?.line ?? 0;
    differences.push({
      where: `${where}, line ${line}`,
      sent: server?.sent ?? embedded?.sent ?? "",
      server: server?.replies ?? [],
      embedded: embedded?.replies ?? [],
    });
  }
  return differences;
}

function isSame(right: readonly string[] = [], ours: readonly string[] = []): boolean {
  return right.length === ours.length && right.every((each, at) => isSameReply(each, ours[at]));
}

const list = (texts: readonly string[]): string =>
  texts.map((text) => text.slice(0, 1500)).join("\n              ");

export function showDifference({ where, sent, server, embedded }: Difference): string {
  return `${where}\n  ${sent.slice(0, 300)}\n    server:   ${list(server)}\n    embedded: ${list(embedded)}`;
}
