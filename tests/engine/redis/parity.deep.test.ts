import { describe, expect, test } from "vitest";
import { PLANTED_BUGS } from "./parity/bugs/planted-bugs.ts";
import { findPlantedBugs } from "./parity/bugs/find-planted-bugs.ts";
import { comparePrograms } from "./parity/random/compare-programs.ts";
import { expectRecordedReplies } from "./parity/expect-recorded-replies.ts";
import { expectSameReplies } from "./parity/expect-same-replies.ts";
import { findServer, startEmbeddedTarget, startServerTarget } from "./parity/targets.ts";

const SEQUENCES = 300;

test("the recorded replies of a server are current", { timeout: 120_000 }, async () => {
  await expectRecordedReplies();
});

describe.runIf(findServer() !== undefined)("beside a redis-server", () => {
  test("transcripts get the same replies within others", { timeout: 120_000 }, async () => {
    expect(await expectSameReplies(["transaction", "script"])).toBeGreaterThan(2000);
  });

  test(`${SEQUENCES} random programs get the same replies`, { timeout: 120_000 }, async () => {
    await using server = await startServerTarget();
    await using embedded = await startEmbeddedTarget();
    const report = await comparePrograms(server, embedded, { sequences: SEQUENCES });
    expect(report.difference, `seed ${report.seed}`).toBeUndefined();
    expect(report.toldShare).toBeGreaterThan(0.6);
  });

  test("a planted bug is noticed", { timeout: 120_000 }, async () => {
    await using server = await startServerTarget();
    const findings = await findPlantedBugs(server, { bugs: PLANTED_BUGS.slice(0, 2) });
    expect(findings.filter(({ foundBy }) => foundBy === undefined)).toEqual([]);
  });
});
