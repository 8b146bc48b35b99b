import { readdir } from "node:fs/promises";
import path from "node:path";

/** Of a program, as it may be written; the first that is there is the one that is run. */
export const ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/** A sentence for each program that is there twice, as `app.ts` and `app.js`: only one of them is run. */
export async function findTwinFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const stems = new Set(names.map((name) => path.parse(name).name));
  return [...stems].flatMap((stem) => {
    const [run = "", ...left] = ENDINGS.map((ending) => stem + ending).filter((name) =>
      names.includes(name),
    );
    if (left.length === 0) return [];
    const all = [run, ...left].join(" and ");
    return [
      `${all} are ${left.length === 1 ? "both" : "all"} here: ${run} is run, ${left.join(" and ")} is not.`,
    ];
  });
}
