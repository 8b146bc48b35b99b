import { expect } from "vitest";
import { compareCorpus, showDifference } from "./compare-corpus.ts";
import { readCorpus } from "./corpus.ts";
import { leaveOutMissing, listCommands } from "./leave-out.ts";
import { MANNERS, type Manner } from "./replay.ts";
import { startEmbeddedTarget, startServerTarget } from "./targets.ts";

/**
 * Sends the corpus to a redis-server and to the embedded Redis, as commands alone or within others, by both
 * protocols: the replies are the same. Answers how many were compared.
 */
export async function expectSameReplies(ways: readonly Manner["within"][]): Promise<number> {
  await using server = await startServerTarget();
  await using embedded = await startEmbeddedTarget();
  const has = await listCommands(embedded.control);
  const { transcripts } = leaveOutMissing(readCorpus(), has, await listCommands(server.control));
  const manners = MANNERS.filter(({ within }) => ways.includes(within));
  const { steps, differences } = await compareCorpus(server, embedded, transcripts, { manners });
  expect(differences.map(showDifference)).toEqual([]);
  return steps;
}
