import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomically } from "../../progress/write-file-atomically.ts";
import type { Report } from "../report.ts";

/** Where the last report of an exercise is kept. */
export function reportFile(repository: string, slug: string): string {
  return path.join(repository, ".workbook", "reports", `${slug}.json`);
}

/** Keeps the report in `.workbook/reports`. The verdict does not depend on it: a full disk is passed over. */
export async function keepReport(repository: string, report: Report): Promise<void> {
  const file = reportFile(repository, report.slug);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const text = JSON.stringify(report, undefined, 2);
    await writeFileAtomically(file, text);
  } catch {
    // Said by those who keep the progress.
  }
}

/** Forgets the kept report; the next one who needs it grades. */
export async function removeReport(repository: string, slug: string): Promise<void> {
  await rm(reportFile(repository, slug), { force: true }).catch(() => {});
}
