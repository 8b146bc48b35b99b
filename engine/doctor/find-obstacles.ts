import { execFile } from "node:child_process";
import { repository } from "../catalog/repository.ts";
import type { LessonEntry } from "../catalog/lesson-entry.ts";
import { findPython } from "../process/find-python.ts";
import { findRedisServers } from "../redis/find-redis-server.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const DEADLINE_MS = 2000;
const OLDEST_VERSION = 7;

/**
 * Which lessons can only be played as recordings here, and why, in half a sentence. Quicker than the doctor: it starts
 * no Redis.
 */
export async function findObstacles(
  lessons: readonly LessonEntry[],
  environment: Environment,
): Promise<ReadonlyMap<string, string>> {
  const needsServer = lessons.filter(({ redis }) => redis !== "any");
  const needsPython = lessons.filter(({ programs }) =>
    programs.some((file) => file.endsWith(".py")),
  );
  const [hasServer, python] = await Promise.all([
    needsServer.length === 0 || hasUsableServer(environment),
    needsPython.length === 0 ? undefined : findPython(repository, environment, DEADLINE_MS),
  ]);
  const wish = environment["WORKBOOK_REDIS"]?.trim() ?? "";
  const found = new Map<string, string>();
  for (const { slug, redis } of needsServer) {
    const isExternal = redis === "server" && wish.includes(":");
    if (hasServer || isExternal) continue;
    found.set(
      slug,
      wish === "embedded"
        ? "WORKBOOK_REDIS asks for the embedded Redis"
        : "no redis-server from version 7.0 is on your PATH",
    );
  }
  for (const { slug } of needsPython) {
    if (python?.program === undefined)
      found.set(slug, `Python: ${python?.problem ?? "none found"}`);
  }
  return found;
}

async function hasUsableServer(environment: Environment): Promise<boolean> {
  if (environment["WORKBOOK_REDIS"]?.trim() === "embedded") return false;
  const versions = await Promise.all(findRedisServers(environment).map(askVersion));
  return versions.some((version) => version >= OLDEST_VERSION);
}

/** The first number of what `redis-server --version` says; 0 when it says none. */
async function askVersion(file: string): Promise<number> {
  return await new Promise((resolve) => {
    execFile(file, ["--version"], { timeout: DEADLINE_MS, windowsHide: true }, (_error, stdout) => {
      resolve(Number(/\bv=(\d+)/.exec(stdout)?.[1] ?? 0));
    });
  });
}
