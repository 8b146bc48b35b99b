import { describe, expect, test } from "vitest";
import { commandTable, readCommandTable } from "./parity/command-table.ts";
import { readCorpus } from "./parity/corpus.ts";
import { commandsOf, listCommands } from "./parity/leave-out.ts";
import { expectRecordedReplies } from "./parity/expect-recorded-replies.ts";
import { expectSameReplies } from "./parity/expect-same-replies.ts";
import { STATED_DIFFERENCES } from "./parity/stated-differences.ts";
import { findServer, startEmbeddedTarget } from "./parity/targets.ts";

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

  // Beside a server it is asked itself; that the recordings are current: parity.deep.test.ts.
  test.runIf(findServer() === undefined)(
    "gets the recorded replies of a server from the embedded Redis",
    { timeout: 120_000 },
    async () => await expectRecordedReplies(),
  );

  test("states at most 15 differences", () => {
    expect(STATED_DIFFERENCES.length).toBeLessThanOrEqual(15);
  });
});

test("the table of commands in CONTRIBUTING.md is current (npm run parity table)", async () => {
  await using embedded = await startEmbeddedTarget();
  expect(readCommandTable()).toBe(commandTable(await listCommands(embedded.control)));
});

// Within transactions and scripts: parity.deep.test.ts.
test.runIf(findServer() !== undefined)(
  "every transcript gets the replies of a redis-server",
  { timeout: 120_000 },
  async () => expect(await expectSameReplies(["alone"])).toBeGreaterThan(2000),
);
