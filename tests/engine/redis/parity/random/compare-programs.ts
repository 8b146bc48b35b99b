import * as fc from "fast-check";
import { listCommands } from "../leave-out.ts";
import { RawClient } from "../raw-client.ts";
import { showArguments } from "../replay.ts";
import { isSameReply } from "../same-reply.ts";
import type { Target } from "../targets.ts";
import { arbitraryProgram, type Move } from "./arbitrary-program.ts";
import { runProgram } from "./run-program.ts";

export interface ProgramsReport {
  readonly sequences: number;
  readonly commands: number;
  readonly distinctCommands: number;
  /** Of the programs' own commands: how many replies were neither errors nor nil, 0 to 1. */
  readonly toldShare: number;
  readonly seed: number;
  /** The shortest program found that the two answer differently, as lines of a transcript. */
  readonly difference: string | undefined;
}

/** Runs random programs on both and compares every reply and the state at the end. */
export async function comparePrograms(
  server: Target,
  embedded: Target,
  options: { sequences: number; seed?: number; onProgress?: (done: number) => void },
): Promise<ProgramsReport> {
  const seed = options.seed ?? Date.now() % 1_000_000_007;
  const onServer = await RawClient.open(server.port);
  const onEmbedded = await RawClient.open(embedded.port);
  const has = await listCommands(embedded.control);
  const names = new Set<string>();
  let done = 0;
  let commands = 0;
  let told = 0;
  const differs = async (program: readonly Move[]): Promise<string | undefined> => {
    const [right, ours] = await Promise.all([
      runProgram(server, onServer, program, has),
      runProgram(embedded, onEmbedded, program, has),
    ]);
    options.onProgress?.(++done);
    const own = right.replies.slice(
      2,
      right.replies.findLastIndex(({ args }) => args[0] === "DISCARD"),
    );
    for (const { args, told: tells } of own) {
      if (args[0]?.startsWith("time ")) continue;
      commands += 1;
      if (tells) told += 1;
      names.add((args[0] === "OBJECT" ? args.slice(0, 2).join(" ") : args[0]) ?? "");
    }
    for (const [at, { args, reply }] of right.replies.entries()) {
      const theirs = ours.replies[at]?.reply;
      if (!isSameReply(reply, theirs))
        return `${showArguments(args)}\n#   server:   ${reply}\n#   embedded: ${theirs}`;
    }
    return undefined;
  };
  try {
    const result = await fc.check(
      fc.asyncProperty(
        arbitraryProgram(has),
        async (program) => (await differs(program)) === undefined,
      ),
      { numRuns: options.sequences, seed },
    );
    const found = result.counterexample?.[0];
    const difference = found
      ? transcriptOf(found, (await differs(found)) ?? "(not again)")
      : undefined;
    return {
      sequences: result.numRuns,
      commands,
      distinctCommands: names.size,
      toldShare: commands === 0 ? 0 : told / commands,
      seed,
      difference,
    };
  } finally {
    onServer.close();
    onEmbedded.close();
  }
}

function transcriptOf(program: readonly Move[], where: string): string {
  const lines = program.map((move) =>
    "args" in move ? `> ${showArguments(move.args)}` : `time +${move.travelMs}ms`,
  );
  return ["== found by a random program [plain]", ...lines, `# differs at: ${where}`].join("\n");
}
