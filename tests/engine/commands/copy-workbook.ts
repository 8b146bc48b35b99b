import { cpSync, existsSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PARTS = ["engine", "exercises", "lessons", "solutions", "tests/exercises"];
const FILES = ["package.json", "tsconfig.json"];

export interface WorkbookCopy extends AsyncDisposable {
  readonly root: string;
  /** Absolute path of a file in it. */
  at(...parts: string[]): string;
}

/**
 * The workbook as a learner has it, in a folder of its own (with a blank in its name), so that a
 * test may write in it. Its exercises hold the pristine starters, whatever was written in ours.
 */
export function copyWorkbook(): WorkbookCopy {
  const folder = createTemporaryFolder("copy");
  const root = path.join(folder.path, "my workbook");
  for (const part of [...PARTS, ...FILES]) {
    cpSync(path.join(ROOT, part), path.join(root, part), { recursive: true });
  }
  symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"), "junction");
  for (const slug of ["rate-limit", "session-sharing"]) {
    const starter = path.join(root, "tests", "exercises", slug, "starter");
    if (existsSync(starter)) {
      rmSync(path.join(root, "exercises", slug, "app.ts"), { force: true });
      cpSync(starter, path.join(root, "exercises", slug), { recursive: true });
    }
  }
  return {
    root,
    at: (...parts) => path.join(root, ...parts),
    [Symbol.asyncDispose]: async () => await folder.remove(),
  };
}
