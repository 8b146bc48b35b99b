import type { RawClient } from "./raw-client.ts";
import type { Section, Step, Transcript } from "./transcript.ts";

/** Names of all commands and subcommands that a Redis has, in lower case. */
export async function listCommands(client: RawClient): Promise<Set<string>> {
  const reply = await client.command("COMMAND", "LIST");
  return new Set((reply.items ?? []).map((item) => item.text ?? ""));
}

/**
 * The transcripts without the steps that need a command which the embedded Redis does not have
 * (it answers those with Redis's own error for unknown commands), and how many were left out.
 */
export function leaveOutMissing(
  transcripts: readonly Transcript[],
  has: ReadonlySet<string>,
  known: ReadonlySet<string>,
): { transcripts: Transcript[]; leftOut: number } {
  let leftOut = 0;
  const isMissing = (name: string): boolean => known.has(name) && !has.has(name);
  const stays = (step: Step): boolean => {
    if (step.kind !== "send" || !commandsOf(step.args).some(isMissing)) return true;
    leftOut += 1;
    return false;
  };
  const keep = (section: Section): Section => {
    let mute = 0;
    const steps: Step[] = [];
    for (const step of section.steps) {
      // What a left-out command would have caused on another connection does not come either.
      if (step.kind === "take" && mute > 0) continue;
      if (step.kind === "pipeline") {
        steps.push({ ...step, steps: step.steps.filter(stays) });
        continue;
      }
      mute = stays(step) ? 0 : mute + 1;
      if (mute === 0) steps.push(step);
    }
    return { ...section, steps };
  };
  return {
    transcripts: transcripts.map((transcript) => ({
      ...transcript,
      sections: transcript.sections.map(keep),
    })),
    leftOut,
  };
}

/** The command (and `container|subcommand`) of a step, and those that its script calls. */
export function commandsOf(args: readonly string[]): string[] {
  const name = args[0]?.toLowerCase() ?? "";
  const names = [name, `${name}|${args[1]?.toLowerCase() ?? ""}`];
  if (name === "command" && /^getkeys/i.test(args[1] ?? "")) {
    names.push(
      args[2]?.toLowerCase() ?? "",
      `${args[2]?.toLowerCase() ?? ""}|${args[3]?.toLowerCase() ?? ""}`,
    );
  }
  if (/^(eval|eval_ro|script)$/.test(name)) {
    for (const [, called = ""] of args.join(" ").matchAll(/call\(\s*'(\w+)'/gi))
      names.push(called.toLowerCase());
  }
  return names;
}
