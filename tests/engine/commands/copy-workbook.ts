import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { TINY_LESSON } from "./tiny-lesson.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FILES = ["package.json", "tsconfig.json"];

export interface WorkbookCopy extends AsyncDisposable {
  readonly root: string;
  /** Absolute path of a file in it. */
  at(...parts: string[]): string;
}

/**
 * The workbook as a learner has it, in a folder of its own (with a blank in its name), so that a
 * test may write in it. It has the exercises named, with the pristine starters, whatever was
 * written in ours, and for lessons a single one of two steps, which is quick to play.
 */
export function copyWorkbook(slugs: readonly string[] = ["rate-limit"]): WorkbookCopy {
  const folder = createTemporaryFolder("copy");
  const root = path.join(folder.path, "my workbook");
  const at = (...parts: string[]) => path.join(root, ...parts);
  // With their times: the bundle of the embedded Redis is known by those of its sources.
  const copy = (part: string) =>
    cpSync(path.join(ROOT, part), at(part), { recursive: true, preserveTimestamps: true });
  for (const part of ["engine", ...FILES]) copy(part);
  symlinkSync(path.join(ROOT, "node_modules"), at("node_modules"), "junction");
  for (const slug of slugs) {
    const tests = path.join("tests", "exercises", slug);
    for (const part of [path.join("exercises", slug), path.join("solutions", slug), tests]) {
      if (existsSync(path.join(ROOT, part))) copy(part);
    }
    const starter = at(tests, "starter");
    rmSync(at("exercises", slug, "app.ts"), { force: true });
    if (existsSync(starter)) cpSync(starter, at("exercises", slug), { recursive: true });
  }
  mkdirSync(at("lessons", "01-tiny"), { recursive: true });
  for (const [name, text] of Object.entries(TINY_LESSON)) {
    writeFileSync(at("lessons", "01-tiny", name), text);
  }
  return { root, at, [Symbol.asyncDispose]: async () => await folder.remove() };
}
