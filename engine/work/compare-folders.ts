import { readFile } from "node:fs/promises";
import path from "node:path";
import { listWork } from "./fingerprint-folder.ts";

/** One file as it is on both sides; undefined: it is not there. */
export interface ComparedFile {
  readonly name: string;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

const LONGEST_BYTES = 512 * 1024;

/** The files of two folders that differ, in order. Line ends do not count. */
export async function compareFolders(left: string, right: string): Promise<ComparedFile[]> {
  const names = new Set([...(await listWork(left)), ...(await listWork(right))]);
  const files = await Promise.all(
    [...names].toSorted().map(async (name) => ({
      name: name.replaceAll("\\", "/"),
      left: await read(path.join(left, name)),
      right: await read(path.join(right, name)),
    })),
  );
  return files.filter((file) => file.left !== file.right);
}

async function read(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  if (bytes.length > LONGEST_BYTES || bytes.includes(0)) return `(${bytes.length} bytes)\n`;
  return bytes.toString("utf8").replaceAll("\r\n", "\n");
}
