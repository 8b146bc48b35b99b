import { expect } from "vitest";
import { commandFacts } from "../../../../engine/redis/embedded/command-facts.ts";
import { showDifference } from "./compare-corpus.ts";
import { readCorpus } from "./corpus.ts";
import { leaveOutMissing, listCommands } from "./leave-out.ts";
import { compareWithRecording } from "./recorded.ts";
import { startEmbeddedTarget } from "./targets.ts";

const allCommands = new Set(
  commandFacts.flatMap((facts) => [facts, ...(facts.sub ?? [])]).map(({ name }) => name),
);

/** Sends the whole corpus to the embedded Redis: its replies are those that a server gave when it was recorded. */
export async function expectRecordedReplies(): Promise<void> {
  await using embedded = await startEmbeddedTarget();
  const has = await listCommands(embedded.control);
  const { transcripts } = leaveOutMissing(readCorpus(), has, allCommands);
  const { steps, stale, differences } = await compareWithRecording(embedded, transcripts);
  expect(differences.map(showDifference)).toEqual([]);
  expect(stale, "recordings to make again with: npm run parity record").toEqual([]);
  expect(steps).toBeGreaterThan(2000);
}
