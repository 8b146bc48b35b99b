import { readdir, readFile } from "node:fs/promises";

/**
 * Command lines of living processes that got this folder for their temporary files, however they
 * have got away from who started them. Only Linux tells; elsewhere none is found. The bundler's
 * process is left out: it serves one grading after the other, and ends with this process.
 */
export async function leftProcesses(temporary: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir("/proc").catch((): string[] => [])) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const read = async (file: string) =>
      await readFile(`/proc/${name}/${file}`, "utf8").catch(() => "");
    if (!(await read("environ")).includes(`TMPDIR=${temporary}\0`)) continue;
    const command = (await read("cmdline")).replaceAll("\0", " ").trim();
    if (command !== "" && !command.includes("esbuild")) found.push(command);
  }
  return found;
}
