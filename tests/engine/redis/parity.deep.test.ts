import { describe, expect, test } from "vitest";
import { PLANTED_BUGS } from "./parity/bugs/planted-bugs.ts";
import { findPlantedBugs } from "./parity/bugs/find-planted-bugs.ts";
import { comparePrograms } from "./parity/random/compare-programs.ts";
import { findServer, startEmbeddedTarget, startServerTarget } from "./parity/targets.ts";

const SEQUENCES = 300;

describe.runIf(findServer() !== undefined)("beside a redis-server", () => {
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
