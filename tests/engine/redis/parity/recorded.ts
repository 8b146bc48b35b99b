import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Difference, differencesOf, nameRun, runsOf } from "./compare-corpus.ts";
import { CORPUS } from "./corpus.ts";
import { MANNERS, replaySection, type StepReplies } from "./replay.ts";
import type { Target } from "./targets.ts";
import type { Transcript } from "./transcript.ts";

/** Replies of a redis-server, for machines that have none. */
interface Recording {
  readonly version: 1;
  readonly redis: string;
  readonly runs: Record<string, StepReplies[]>;
}

const ALONE = MANNERS.filter(({ within }) => within === "alone");

function fileOf(transcript: Transcript): string {
  return path.join(CORPUS, `${transcript.name}.replies.json`);
}

/** Replays transcripts on a server and keeps what it answered. */
export async function recordCorpus(
  server: Target,
  transcripts: readonly Transcript[],
): Promise<number> {
  let steps = 0;
  for (const transcript of transcripts) {
    const runs: Record<string, StepReplies[]> = {};
    for (const { section, manner } of runsOf([transcript], ALONE)) {
      const replies = await replaySection(server, section, manner);
      runs[nameRun(transcript, section, manner)] = replies;
      steps += replies.length;
    }
    const recording: Recording = { version: 1, redis: server.version, runs };
    writeFileSync(fileOf(transcript), `${JSON.stringify(recording, null, 1)}\n`);
  }
  return steps;
}

/** Replays transcripts on the embedded Redis and compares with what was recorded. */
export async function compareWithRecording(
  embedded: Target,
  transcripts: readonly Transcript[],
): Promise<{ steps: number; stale: readonly string[]; differences: Difference[] }> {
  const differences: Difference[] = [];
  let steps = 0;
  const stale: string[] = [];
  for (const transcript of transcripts) {
    if (!existsSync(fileOf(transcript))) {
      stale.push(transcript.name);
      continue;
    }
    const recording = JSON.parse(readFileSync(fileOf(transcript), "utf8")) as Recording;
    for (const { section, manner } of runsOf([transcript], ALONE)) {
      const name = nameRun(transcript, section, manner);
      const recorded = recording.runs[name];
      const sent = recorded?.filter(({ line }) => line > 0).map((step) => step.sent);
      if (
        !recorded ||
        JSON.stringify(sent) !== JSON.stringify(section.steps.map(({ text }) => text))
      ) {
        stale.push(name);
        continue;
      }
      const ours = await replaySection(embedded, section, manner);
      steps += ours.length;
      differences.push(...differencesOf(name, recorded, ours));
    }
  }
  return { steps, stale, differences };
}
