import { readdir, readFile } from "node:fs/promises";

/**
 * Command lines of living processes that got this folder for their temporary files, however they
 * have got away from who started them. Only Linux tells; elsewhere none is found. The bundler and
 * the guard are left out: they serve one grading after the other, and end with this process.
 */
export async function leftProcesses(temporary: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir("/proc").catch((): string[] => [])) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const read = async (file: string) =>
      await readFile(`/proc/${name}/${file}`, "utf8").catch(() => "");
    if (!(await read("environ")).includes(`TMPDIR=${temporary}\0`)) continue;
    const command = (await read("cmdline")).replaceAll("\0", " ").trim();
    if (command !== "" && !/esbuild|guard\.cjs/.test(command)) found.push(command);
  }
  return found;
}
