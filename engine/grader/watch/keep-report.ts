import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomically } from "../../progress/write-file-atomically.ts";
import type { Report } from "../report.ts";

/** Keeps the report in `.workbook/reports`. The verdict does not depend on it: a full disk is passed over. */
export async function keepReport(repository: string, report: Report): Promise<void> {
  const reports = path.join(repository, ".workbook", "reports");
  try {
    await mkdir(reports, { recursive: true });
    const text = JSON.stringify(report, undefined, 2);
    await writeFileAtomically(path.join(reports, `${report.slug}.json`), text);
  } catch {
    // Said by those who keep the progress.
  }
}

/** Forgets the kept report; the next one who needs it grades. */
export async function removeReport(repository: string, slug: string): Promise<void> {
  const file = path.join(repository, ".workbook", "reports", `${slug}.json`);
  await rm(file, { force: true }).catch(() => {});
}
