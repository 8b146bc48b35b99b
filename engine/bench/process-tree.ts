import { readFileSync } from "node:fs";
import { pidtree } from "pidtree";

/** The sum of something that `/proc` says of a process and of all below it that live. */
export async function sumOverTree(
  pid: number,
  file: string,
  read: (text: string) => number,
): Promise<number> {
  const pids = await pidtree(pid, { root: true }).catch(() => []);
  return pids.reduce((sum, each) => sum + read(textOf(each, file)), 0);
}

/** Empty for a process that has ended meanwhile. */
function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
