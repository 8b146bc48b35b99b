import { compareCorpus } from "../compare-corpus.ts";
import { readCorpus } from "../corpus.ts";
import { leaveOutMissing, listCommands } from "../leave-out.ts";
import { comparePrograms } from "../random/compare-programs.ts";
import { startEmbeddedTarget, type Target } from "../targets.ts";
import { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";
import { startWithBug } from "./start-with-bug.ts";

export interface Finding {
  readonly bug: PlantedBug;
  /** Undefined: nobody noticed. */
  readonly foundBy: string | undefined;
}

const PROGRAMS = 1500;

/** Plants the bugs one after the other and looks who notices. */
export async function findPlantedBugs(
  server: Target,
  options: {
    bugs?: readonly PlantedBug[];
    /** Transcripts are left out. */
    onlyPrograms?: boolean;
    onFinding?: (finding: Finding) => void;
  } = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const bug of options.bugs ?? PLANTED_BUGS) {
    await using embedded = await startEmbeddedTarget(async () => await startWithBug(bug));
    const byTranscript =
      options.onlyPrograms === true ? undefined : await findByTranscript(server, embedded, bug);
    const finding = { bug, foundBy: byTranscript ?? (await findByProgram(server, embedded)) };
    findings.push(finding);
    options.onFinding?.(finding);
  }
  return findings;
}

async function findByTranscript(
  server: Target,
  embedded: Target,
  { transcript: likely }: PlantedBug,
): Promise<string | undefined> {
  const has = await listCommands(embedded.control);
  const known = await listCommands(server.control);
  const { transcripts } = leaveOutMissing(readCorpus(), has, known);
  const likelyFirst = transcripts.toSorted(
    (a, b) => Number(b.name === likely) - Number(a.name === likely),
  );
  for (const transcript of likelyFirst) {
    for (const section of transcript.sections) {
      const one = { ...transcript, sections: [section] };
      try {
        const { differences } = await compareCorpus(server, embedded, [one]);
        const [first] = differences;
        if (first) return `${first.where}: ${first.sent}`;
      } catch (error) {
        // It hangs or has died.
        return error instanceof Error ? error.message : String(error);
      }
    }
  }
  return undefined;
}

async function findByProgram(server: Target, embedded: Target): Promise<string | undefined> {
  const report = await comparePrograms(server, embedded, { sequences: PROGRAMS, seed: 1 });
  return report.difference === undefined
    ? undefined
    : `random program ${report.sequences}: ${report.difference.split("\n").length - 4} commands`;
}
