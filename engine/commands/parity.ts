import { UserError } from "../errors.ts";

// This command compares with a real redis-server, with the harness of the workbook's own tests.
const SEQUENCES = 10_000;
const SHOWN = 40;

/**
 * `npm run parity [sequences]`: transcripts and random programs on the embedded Redis and on a
 * redis-server. Also `parity bugs [programs]`, `parity table`, `parity record`, `parity corpus [name]`
 * and `parity others`, which takes other people's packages from the registry.
 * Answers the exit code: 1 when the two differ.
 * @throws UserError when there is no redis-server, or the argument means nothing
 */
export async function runParity(args: readonly string[]): Promise<number> {
  const [what = String(SEQUENCES), name] = args;
  // The tests are TypeScript.
  await import(import.meta.resolve("tsx"));
  if (what === "table") return await writeTable();
  if (what === "bugs") return await findBugs(name === "programs");
  if (what === "record") return await record(name);
  if (what === "corpus") return await compareTranscripts(name);
  if (what === "others") return await runOthers();
  const sequences = Number(what);
  if (!Number.isInteger(sequences) || sequences < 1) {
    throw new UserError(`The number of sequences is a whole number from 1; this is "${what}".`, {
      hint: "npm run parity 10000  (or: bugs, table, record, corpus, others)",
    });
  }
  const transcripts = await compareTranscripts(undefined);
  return Math.max(
    transcripts,
    await runPrograms(sequences, name === undefined ? undefined : Number(name)),
  );
}

async function openBoth() {
  const { startEmbeddedTarget, startServerTarget } =
    await import("../../tests/engine/redis/parity/targets.ts");
  const server = await startServerTarget();
  const embedded = await startEmbeddedTarget();
  return {
    server,
    embedded,
    [Symbol.asyncDispose]: async () => {
      await embedded[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function compareTranscripts(name: string | undefined): Promise<number> {
  const { compareCorpus, showDifference } =
    await import("../../tests/engine/redis/parity/compare-corpus.ts");
  const { readCorpus } = await import("../../tests/engine/redis/parity/corpus.ts");
  const { leaveOutMissing, listCommands } =
    await import("../../tests/engine/redis/parity/leave-out.ts");
  await using both = await openBoth();
  const { server, embedded } = both;
  const has = await listCommands(embedded.control);
  const known = await listCommands(server.control);
  const { transcripts, leftOut } = leaveOutMissing(readCorpus(name), has, known);
  const together = await compareCorpus(server, embedded, transcripts);
  const oneByOne = await compareCorpus(server, embedded, transcripts, { pace: "one by one" });
  const differences = [...together.differences, ...oneByOne.differences];
  const steps = together.steps + oneByOne.steps;
  console.log(
    `Transcripts, in pipelines and one by one: ${steps} steps on both, ${differences.length} differences.`,
  );
  if (leftOut > 0)
    console.log(`${leftOut} steps left out: the embedded Redis refuses their commands.`);
  for (const difference of differences.slice(0, SHOWN))
    console.log(`\n${showDifference(difference)}`);
  return differences.length === 0 ? 0 : 1;
}

async function runPrograms(sequences: number, seed: number | undefined): Promise<number> {
  const { comparePrograms } =
    await import("../../tests/engine/redis/parity/random/compare-programs.ts");
  await using both = await openBoth();
  const report = await comparePrograms(both.server, both.embedded, {
    sequences,
    ...(seed === undefined ? {} : { seed }),
    onProgress: (done) => {
      if (process.stderr.isTTY && done % 100 === 0) process.stderr.write(`\r${done}/${sequences} `);
    },
  });
  const share = (report.toldShare * 100).toFixed(1);
  console.log(
    `Random programs: ${report.sequences} sequences, ${report.commands} commands (${report.distinctCommands} different ones), ${share} % of the replies neither errors nor nil, seed ${report.seed}.`,
  );
  if (report.difference === undefined) return 0;
  console.log(`\nThe two differ. As a transcript:\n\n${report.difference}`);
  return 1;
}

async function findBugs(onlyPrograms: boolean): Promise<number> {
  const { findPlantedBugs } =
    await import("../../tests/engine/redis/parity/bugs/find-planted-bugs.ts");
  const { startServerTarget } = await import("../../tests/engine/redis/parity/targets.ts");
  await using server = await startServerTarget();
  const findings = await findPlantedBugs(server, {
    onlyPrograms,
    onFinding: ({ bug, foundBy }) =>
      console.log(
        `${foundBy === undefined ? "NOT FOUND" : "found"}  ${bug.name}\n       ${foundBy ?? ""}`,
      ),
  });
  const missed = findings.filter(({ foundBy }) => foundBy === undefined).length;
  console.log(`${findings.length - missed} of ${findings.length} planted bugs found.`);
  return missed === 0 ? 0 : 1;
}

async function runOthers(): Promise<number> {
  const { compareOthers } =
    await import("../../tests/engine/redis/parity/others/compare-others.ts");
  const { server, versions, verdicts } = await compareOthers((verdict) => {
    const { outcome, kind, name, why } = verdict;
    console.log(`${outcome}: ${verdict.package}, ${kind} ${name}${why ? `\n  ${why}` : ""}`);
  });
  console.log(
    `\nOn the embedded Redis and on redis-server ${server}, with ${versions.join(", ")}:`,
  );
  const count = (kind: string, outcome: string) =>
    verdicts.filter((verdict) => verdict.kind === kind && verdict.outcome === outcome).length;
  for (const [kind, names] of Object.entries({
    test: "published tests",
    example: "documented examples",
    drive: "programs of ours over the documented surface",
  })) {
    console.log(
      `  ${names}: ${count(kind, "same")} the same, ${count(kind, "differs")} different, ${count(kind, "fails alike")} that work on neither, ${count(kind, "silent")} that send nothing, ${count(kind, "left out")} left out`,
    );
  }
  return verdicts.some(({ outcome }) => outcome === "differs") ? 1 : 0;
}

async function writeTable(): Promise<number> {
  const { commandTable, writeCommandTable } =
    await import("../../tests/engine/redis/parity/command-table.ts");
  const { listCommands } = await import("../../tests/engine/redis/parity/leave-out.ts");
  const { startEmbeddedTarget } = await import("../../tests/engine/redis/parity/targets.ts");
  await using embedded = await startEmbeddedTarget();
  writeCommandTable(commandTable(await listCommands(embedded.control)));
  console.log("Written to CONTRIBUTING.md");
  return 0;
}

async function record(name: string | undefined): Promise<number> {
  const { recordCorpus } = await import("../../tests/engine/redis/parity/recorded.ts");
  const { readCorpus } = await import("../../tests/engine/redis/parity/corpus.ts");
  const { leaveOutMissing, listCommands } =
    await import("../../tests/engine/redis/parity/leave-out.ts");
  await using both = await openBoth();
  const has = await listCommands(both.embedded.control);
  const known = await listCommands(both.server.control);
  const { transcripts } = leaveOutMissing(readCorpus(name), has, known);
  console.log(
    `${await recordCorpus(both.server, transcripts)} steps recorded from ${both.server.name}.`,
  );
  return 0;
}
