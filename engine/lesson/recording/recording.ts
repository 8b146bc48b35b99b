import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import type { LessonEvent, RedisFacts, SessionLabel } from "../lesson-event.ts";

/** What `npm run record` has written down of a real run, for machines on which a lesson cannot run. */
export interface Recording {
  readonly format: 1;
  /** `2026-11-25` */
  readonly date: string;
  /** `redis-server 7.0.15, Node 20.20.2, linux x64` */
  readonly made: string;
  readonly redis: Pick<RedisFacts, "kind" | "version" | "line">;
  /** Of the lesson's files, as they were then. */
  readonly fingerprint: string;
  readonly sessions: readonly SessionLabel[];
  readonly steps: readonly RecordedStep[];
}

/** A step as it was played. */
export interface RecordedStep {
  readonly title: string;
  /** How many of the sessions were known at its end. */
  readonly sessions: number;
  /** Without its beginning and its end. */
  readonly events: readonly LessonEvent[];
}

/** Lies beside the README.md of a lesson. */
export const RECORDING_FILE = "recording.json";

const schema = v.looseObject({
  format: v.literal(1),
  date: v.string(),
  made: v.string(),
  redis: v.looseObject({ kind: v.string(), version: v.string(), line: v.string() }),
  fingerprint: v.string(),
  sessions: v.array(v.looseObject({ label: v.string(), id: v.string(), index: v.number() })),
  steps: v.array(
    v.looseObject({
      title: v.string(),
      sessions: v.number(),
      events: v.array(v.looseObject({ kind: v.string() })),
    }),
  ),
});

/** The recording of a lesson; undefined when there is none that this workbook can read. */
export async function readRecording(folder: string): Promise<Recording | undefined> {
  const text = await readFile(path.join(folder, RECORDING_FILE), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return v.is(schema, value) ? (value as unknown as Recording) : undefined;
  } catch {
    return undefined;
  }
}

/** One event in a line, so that a new recording can be compared with the one before. */
export function writtenRecording({ steps, ...facts }: Recording): string {
  const head = JSON.stringify(facts, undefined, 2).replace(/\n\}$/, "");
  const written = steps.map(({ events, ...step }) => {
    const lines = events.map((event) => `      ${JSON.stringify(event)}`);
    const beginning = JSON.stringify(step).replace(/\}$/, "");
    return `    ${beginning},"events":[\n${lines.join(",\n")}\n    ]}`;
  });
  return `${head},\n  "steps": [\n${written.join(",\n")}\n  ]\n}\n`;
}

/** A checksum of the files of a lesson: a recording of other files is out of date. */
export async function fingerprint(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== RECORDING_FILE)
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => !/(?:^|\/)(?:node_modules|__pycache__)\//.test(file))
    .toSorted();
  const hash = createHash("sha256");
  for (const file of files) {
    const text = await readFile(path.join(folder, file), "utf8");
    hash.update(`${file}\n${text.replaceAll("\r\n", "\n")}\n`);
  }
  return hash.digest("hex").slice(0, 32);
}
