import { realpathSync, statSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

const NAMES = ["redis-server", "valkey-server"];

/**
 * Programs on PATH that serve Redis, in the order in which to try them: redis-server before
 * valkey-server, each in the order of PATH, none twice.
 */
export function findRedisServers(
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const folders = (environment["PATH"] ?? environment["Path"] ?? "").split(delimiter);
  // Scripts (.cmd, .bat) need a shell that would outlive the kill of its server.
  const endings = process.platform === "win32" ? [".exe", ".com"] : [""];
  const found = new Map<string, string>();
  for (const name of NAMES) {
    for (const folder of folders) {
      if (folder === "") continue;
      for (const ending of endings) {
        const file = join(folder.replaceAll('"', ""), name + ending);
        const real = realFile(file);
        if (real !== undefined && !found.has(real)) found.set(real, file);
      }
    }
  }
  return [...found.values()];
}

/** The name by which people know it: `redis-server`. */
export function serverName(file: string): string {
  return basename(file).replace(/\.(exe|com)$/i, "");
}

function realFile(file: string): string | undefined {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return undefined;
    if (process.platform !== "win32" && (stats.mode & 0o111) === 0) return undefined;
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
