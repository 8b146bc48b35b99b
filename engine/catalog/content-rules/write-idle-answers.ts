import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Submission } from "./list-submissions.ts";

/** Answers that do nothing. A check that one of them passes does not check anything. */
const idleHandlers: Readonly<Record<string, string>> = {
  "always-501": `(_req, res) => res.status(501).json({ error: "not written yet" })`,
  "always-500": `(_req, res) => res.status(500).send("Internal Server Error")`,
  "always-200": `(_req, res) => res.json({})`,
  "always-401": `(_req, res) => res.status(401).json({ error: "wrong name or password" })`,
  "always-429": `(_req, res) => res.set("Retry-After", "60").status(429).json({ error: "too many" })`,
  never: `() => {}`,
};

/** Writes them below `.workbook/`, and removes them when the result is disposed of. */
export async function writeIdleAnswers(
  repository: string,
  slug: string,
  /** The programs of the exercise: `["app.ts"]`. */
  entries: readonly string[],
): Promise<AsyncDisposable & { readonly submissions: readonly Submission[] }> {
  await mkdir(path.join(repository, ".workbook"), { recursive: true });
  const root = await mkdtemp(path.join(repository, ".workbook", "idle-"));
  const submissions: Submission[] = [];
  for (const [name, handler] of Object.entries(idleHandlers)) {
    const folder = path.join(root, name);
    await mkdir(folder);
    for (const entry of entries) {
      const source = `import express from "express";\n\nexport function createApp() {\n  return express().use(${handler});\n}\n`;
      await writeFile(path.join(folder, entry), source);
    }
    submissions.push({ kind: "idle", slug, name: `${slug}: an answer that is ${name}`, folder });
  }
  return {
    submissions,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
