import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseTranscript, type Transcript } from "./transcript.ts";

export const CORPUS = path.join(import.meta.dirname, "corpus");

/** All transcripts, by name. */
export function readCorpus(only?: string): Transcript[] {
  return readdirSync(CORPUS)
    .filter((file) => file.endsWith(".txt"))
    .toSorted()
    .filter((file) => only === undefined || file === `${only}.txt`)
    .map((file) =>
      parseTranscript(file.slice(0, -4), readFileSync(path.join(CORPUS, file), "utf8")),
    );
}
