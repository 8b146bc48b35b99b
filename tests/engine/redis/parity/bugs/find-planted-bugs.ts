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
  options: { bugs?: readonly PlantedBug[]; onFinding?: (finding: Finding) => void } = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const bug of options.bugs ?? PLANTED_BUGS) {
    await using embedded = await startEmbeddedTarget(async () => await startWithBug(bug));
    const finding = { bug, foundBy: await findBug(server, embedded) };
    findings.push(finding);
    options.onFinding?.(finding);
  }
  return findings;
}

async function findBug(server: Target, embedded: Target): Promise<string | undefined> {
  const corpus = ["strings", "keys", "transactions", "scripts"].flatMap((name) => readCorpus(name));
  const has = await listCommands(embedded.control);
  const { transcripts } = leaveOutMissing(corpus, has, await listCommands(server.control));
  for (const transcript of transcripts) {
    const { differences } = await compareCorpus(server, embedded, [transcript]);
    const [first] = differences;
    if (first) return `${first.where}: ${first.sent}`;
  }
  const { difference } = await comparePrograms(server, embedded, { sequences: PROGRAMS, seed: 1 });
  return difference === undefined ? undefined : "a random program";
}
