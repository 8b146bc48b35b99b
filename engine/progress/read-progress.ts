import { readFile } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import { emptyProgress, type Progress, progressSchema } from "./progress.ts";

export interface ProgressReading {
  readonly progress: Progress;
  /** Why the file could not be used, as a sentence; undefined when all is well or there is none yet. */
  readonly warning: string | undefined;
  /** `broken`: can be put aside. `newer`: must not be touched. */
  readonly state: "good" | "none" | "broken" | "newer" | "unreadable";
}

/** Where the progress is kept. */
export function progressFile(root: string): string {
  return path.join(root, ".workbook", "progress.json");
}

/** Reads the learner's progress. Whatever has happened to the file: it never throws. */
export async function readProgress(root: string): Promise<ProgressReading> {
  const progress = emptyProgress();
  const say = (state: ProgressReading["state"], warning?: string) => ({ progress, warning, state });
  let text: string;
  try {
    text = await readFile(progressFile(root), "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return say("none");
    return say("unreadable", `.workbook/progress.json cannot be read (${code}).`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return say("broken", ".workbook/progress.json is not JSON; the progress starts from nothing.");
  }
  const version: unknown =
    typeof json === "object" && json !== null ? Reflect.get(json, "version") : undefined;
  if (typeof version === "number" && version > 1) {
    const what = `.workbook/progress.json was written by a newer workbook (version ${version})`;
    return say("newer", `${what}; it is left alone.`);
  }
  const parsed = v.safeParse(progressSchema, json);
  if (parsed.success) return { progress: parsed.output, warning: undefined, state: "good" };
  const where = v.getDotPath(parsed.issues[0]) ?? "the file";
  return say(
    "broken",
    `.workbook/progress.json has a mistake at ${where}; the progress starts from nothing.`,
  );
}
