import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  commandFacts,
  type CommandFacts,
} from "../../../../engine/redis/embedded/command-facts.ts";
import { statedDifference, STATED_DIFFERENCES } from "./stated-differences.ts";

const START = "<!-- commands:start -->";
const END = "<!-- commands:end -->";
const FILE = path.resolve(import.meta.dirname, "../../../../CONTRIBUTING.md");

/** The marked section of CONTRIBUTING.md: what the embedded Redis does with each of Redis 7.0's commands. */
export function commandTable(has: ReadonlySet<string>): string {
  const groups = new Map<string, { same: string[]; stated: string[]; refused: string[] }>();
  for (const facts of commandFacts) {
    for (const each of leaves(facts)) {
      const group = groups.get(facts.group ?? "other") ?? { same: [], stated: [], refused: [] };
      groups.set(facts.group ?? "other", group);
      const shown = each.name.toUpperCase().replace("|", " ");
      if (!has.has(each.name)) group.refused.push(shown);
      else if (statedDifference(each.name)) group.stated.push(shown);
      else group.same.push(shown);
    }
  }
  const rows = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, { same, stated, refused }]) =>
        `| ${[name, list(same), list(stated), list(refused)].join(" | ")} |`,
    );
  const differences = STATED_DIFFERENCES.map(
    ({ commands, field, reason }) =>
      `| ${commands.map((name) => name.toUpperCase().replace("|", " ")).join(", ")} | ${field} | ${reason} |`,
  );
  return [
    START,
    "",
    "Made by `npm run parity table` from the commands of Redis 7.0. _Refused_ means Redis's own error for a command that it does not know.",
    "",
    "| group | same | same with a stated difference | refused |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    "The stated differences:",
    "",
    "| command | field | reason |",
    "| --- | --- | --- |",
    ...differences,
    "",
    END,
  ].join("\n");
}

function leaves(facts: CommandFacts): readonly CommandFacts[] {
  return facts.sub && facts.sub.length > 0 ? facts.sub : [facts];
}

function list(names: readonly string[]): string {
  return names.toSorted().join(", ");
}

/** What CONTRIBUTING.md says now; undefined when the markers are missing. */
export function readCommandTable(): string | undefined {
  const text = readFileSync(FILE, "utf8").replaceAll("\r\n", "\n");
  const [from, to] = [text.indexOf(START), text.indexOf(END)];
  return from < 0 || to < 0 ? undefined : text.slice(from, to + END.length);
}

/** Puts the section in its place, or at the end. */
export function writeCommandTable(table: string): void {
  const text = readFileSync(FILE, "utf8");
  const before = readCommandTable();
  const heading = "## What the embedded Redis does with each command";
  writeFileSync(
    FILE,
    before ? text.replace(before, () => table) : `${text.trimEnd()}\n\n${heading}\n\n${table}\n`,
  );
}
