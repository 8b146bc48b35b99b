import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyWorkbook, type WorkbookCopy } from "../commands/copy-workbook.ts";
import { tiny } from "./grade-text.ts";

/** A workbook with the tiny exercise as its only one, and `app` as what the learner has written. */
export function copyTiny(app: string): WorkbookCopy {
  const copy = copyWorkbook([]);
  const tests = path.join("tests", "exercises", "tiny");
  cpSync(path.join(tiny, "exercises"), copy.at("exercises"), { recursive: true });
  cpSync(path.join(tiny, tests), copy.at(tests), { recursive: true });
  for (const name of ["exercise.ts", "checks.ts"]) {
    const text = readFileSync(copy.at(tests, name), "utf8");
    writeFileSync(copy.at(tests, name), text.replace(/"(?:\.\.\/)+engine/, '"../../../engine'));
  }
  mkdirSync(copy.at(tests, "starter"));
  writeFileSync(copy.at(tests, "starter", "app.js"), app);
  writeFileSync(copy.at("exercises", "tiny", "app.js"), app);
  mkdirSync(copy.at("solutions", "tiny"), { recursive: true });
  writeFileSync(copy.at("solutions", "tiny", "app.js"), app);
  rmSync(copy.at(".workbook"), { recursive: true, force: true });
  return copy;
}
