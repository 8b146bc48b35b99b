import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readSection, replaceSection } from "../catalog/replace-section.ts";
import { writeFileAtomically } from "../progress/write-file-atomically.ts";
import { type Figure, judgeFigure, ratioOf } from "./figure.ts";
import { figuresTable } from "./figure-text.ts";
import { describeMachine, type Machine } from "./machine.ts";

/** `.workbook/bench.json`. */
export interface KeptFigures {
  readonly version: 2;
  readonly machine: Machine;
  /** By the word that `npm run bench` knows them by, in the order of the table. */
  readonly measurements: Readonly<Record<string, Measurement>>;
}

export interface Measurement {
  /** ISO 8601. */
  readonly measuredAt: string;
  /** Of the minute before: on a quiet machine far below the number of cores. */
  readonly loadBefore: number;
  readonly figures: readonly Figure[];
}

/** Where they are kept, relative to the workbook. */
export const FIGURES_FILE = path.join(".workbook", "bench.json");

/**
 * Keeps what was measured, in place of the older figures of the same words. Figures of another
 * machine, or of words that are no more, are dropped.
 * @param words all that are known, in the order of the table
 */
export async function keepFigures(
  repository: string,
  words: readonly string[],
  measured: Readonly<Record<string, Measurement>>,
): Promise<KeptFigures> {
  const file = path.join(repository, FIGURES_FILE);
  const machine = describeMachine();
  const old = await readKept(file, machine);
  const measurements: Record<string, Measurement> = {};
  for (const word of words) {
    const one = measured[word] ?? old[word];
    if (one !== undefined) measurements[word] = one;
  }
  const kept: KeptFigures = { version: 2, machine, measurements };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomically(file, `${JSON.stringify(kept, withJudgement, 2)}\n`);
  return kept;
}

/**
 * Writes the table of README.md anew. Rows of the same machine that are not among the figures stay, unless all
 * has been measured.
 */
export async function writeFiguresTable(
  repository: string,
  kept: KeptFigures,
  { isAll = false } = {},
): Promise<void> {
  const file = path.join(repository, "README.md");
  const text = await readFile(file, "utf8");
  const before = isAll ? "" : readSection(text, "bench");
  await writeFile(file, replaceSection(text, "bench", figuresTable(kept, before)));
}

async function readKept(file: string, machine: Machine): Promise<KeptFigures["measurements"]> {
  try {
    const kept = JSON.parse(await readFile(file, "utf8")) as Partial<KeptFigures>;
    const isOurs = kept.version === 2 && isDeepStrictEqual(kept.machine, machine);
    return isOurs ? (kept.measurements ?? {}) : {};
  } catch {
    // None yet, or broken by hand.
    return {};
  }
}

/** Whoever reads the file need not reckon. */
function withJudgement(key: string, value: unknown): unknown {
  if (key !== "figures") return value;
  return (value as readonly Figure[]).map((figure) => ({
    ...figure,
    ratio: ratioOf(figure),
    judgement: judgeFigure(figure),
  }));
}
