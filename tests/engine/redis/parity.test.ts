import { describe, expect, test } from "vitest";
import { commandTable, readCommandTable } from "./parity/command-table.ts";
import { compareCorpus, showDifference } from "./parity/compare-corpus.ts";
import { readCorpus } from "./parity/corpus.ts";
import { commandsOf, leaveOutMissing, listCommands } from "./parity/leave-out.ts";
import { compareWithRecording } from "./parity/recorded.ts";
import { STATED_DIFFERENCES } from "./parity/stated-differences.ts";
import { findServer, startEmbeddedTarget, startServerTarget } from "./parity/targets.ts";
import { commandFacts } from "../../../engine/redis/embedded/command-facts.ts";

const allCommands = new Set(
  commandFacts.flatMap((facts) => [facts, ...(facts.sub ?? [])]).map(({ name }) => name),
);

describe("the corpus of transcripts", () => {
  test("has every command that the embedded Redis has", async () => {
    await using embedded = await startEmbeddedTarget();
    const has = await listCommands(embedded.control);
    const sent = new Set(
      readCorpus().flatMap(({ sections }) =>
        sections.flatMap(({ steps }) =>
          steps.flatMap((step) =>
            step.kind === "send"
              ? commandsOf(step.args)
              : step.kind === "pipeline"
                ? step.steps.flatMap(({ args }) => commandsOf(args))
                : [],
          ),
        ),
      ),
    );
    const notSent = [...has].filter((name) => !sent.has(name));
    expect(notSent).toEqual([]);
  });

  test(
    "gets the recorded replies of a server from the embedded Redis",
    { timeout: 120_000 },
    async () => {
      await using embedded = await startEmbeddedTarget();
      const has = await listCommands(embedded.control);
      const { transcripts } = leaveOutMissing(readCorpus(), has, allCommands);
      const { steps, stale, differences } = await compareWithRecording(embedded, transcripts);
      expect(differences.map(showDifference)).toEqual([]);
      expect(stale, "recordings to make again with: npm run parity record").toEqual([]);
      expect(steps).toBeGreaterThan(2000);
    },
  );

  test("states at most 15 differences", () => {
    expect(STATED_DIFFERENCES.length).toBeLessThanOrEqual(15);
  });
});

test("the table of commands in CONTRIBUTING.md is current (npm run parity table)", async () => {
  await using embedded = await startEmbeddedTarget();
  expect(readCommandTable()).toBe(commandTable(await listCommands(embedded.control)));
});

describe.runIf(findServer() !== undefined)("beside a redis-server", () => {
  test("every transcript gets the same replies", { timeout: 120_000 }, async () => {
    await using server = await startServerTarget();
    await using embedded = await startEmbeddedTarget();
    const has = await listCommands(embedded.control);
    const { transcripts } = leaveOutMissing(readCorpus(), has, await listCommands(server.control));
    const { steps, differences } = await compareCorpus(server, embedded, transcripts);
    expect(differences.map(showDifference)).toEqual([]);
    expect(steps).toBeGreaterThan(5000);
  });
});
