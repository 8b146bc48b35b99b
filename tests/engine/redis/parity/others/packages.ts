import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../../../../engine/errors.ts";

/** What is taken from the registry: the packages themselves, and what their examples import beside them. */
const WANTED = [
  "connect-redis@9",
  "rate-limit-redis@6",
  "rate-limiter-flexible@11",
  "redis@6",
  "express@5",
  "express-rate-limit@8",
  "express-session@1",
  "ioredis@5",
];
const DEADLINE_MS = 300_000;

/** Packages as the registry has them, in a folder of their own. */
export interface FetchedPackages {
  readonly folder: string;
  /** `redis 6.3.1` by `redis`. */
  readonly versions: ReadonlyMap<string, string>;
  /** The text of a file of a package; undefined when it was not published. */
  read(name: string, file: string): string | undefined;
}

/**
 * Installs the packages into a folder.
 * @throws UserError when npm could not
 */
export async function fetchPackages(folder: string): Promise<FetchedPackages> {
  writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  // Without a network npm would go on trying for minutes.
  args.push("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=1000");
  try {
    await promisify(execFile)("npm", [...args, ...WANTED], {
      cwd: folder,
      timeout: DEADLINE_MS,
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === "win32",
    });
  } catch (error) {
    throw new UserError("npm could not take the packages from the registry.", {
      hint: `npm view ${WANTED[0]} version`,
      cause: error,
    });
  }
  const place = (name: string, file: string) => path.join(folder, "node_modules", name, file);
  const names = WANTED.map((wanted) => wanted.slice(0, wanted.lastIndexOf("@")));
  const versions = names.map((name) => {
    const { version } = JSON.parse(readFileSync(place(name, "package.json"), "utf8"));
    return [name, String(version)] as const;
  });
  return {
    folder,
    versions: new Map(versions),
    read(name, file) {
      try {
        return readFileSync(place(name, file), "utf8");
      } catch {
        return undefined;
      }
    },
  };
}
