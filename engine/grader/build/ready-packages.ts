import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTemporaryFolder } from "../../process/create-temporary-folder.ts";
import { writeFileAtomically } from "../../progress/write-file-atomically.ts";
import { quickPackages } from "./quick-packages.ts";
import { runEsbuild } from "./run-esbuild.ts";

/** The packages that nearly every submission uses, as one file that loads in a tenth of the time. */
export interface ReadyPackages {
  /** A CommonJS script. */
  readonly file: string;
  /** What each package exports to an `import`, by its name. */
  readonly exports: Readonly<Record<string, readonly string[]>>;
}

const NAMES = ["express", "express-session", "connect-redis", "redis"];
const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const MODULES = path.join(REPOSITORY, "node_modules");
const CACHE = path.join(MODULES, ".cache", "redis-sessions-workbook");
const WARM_UP = fileURLToPath(new URL("../host/warm-up.mjs", import.meta.url));
const WARM_UP_DEADLINE_MS = 60_000;
/** Those of packages that are installed no more are removed after this time. */
const OLD_AFTER_MS = 24 * 3_600_000;

let found: Promise<ReadyPackages> | undefined;

/**
 * Finds the file, or makes it: once for each installation. It is kept under node_modules/.cache; where that
 * cannot be written, in a folder of this run.
 */
export async function readyPackages(): Promise<ReadyPackages> {
  found ??= findOrMake();
  return await found;
}

async function findOrMake(): Promise<ReadyPackages> {
  const name = `packages-${installationKey()}`;
  const kept = read(path.join(CACHE, name));
  if (kept !== undefined) return kept;
  try {
    await mkdir(CACHE, { recursive: true });
    await make(path.join(CACHE, name));
    await removeOld(name);
    return read(path.join(CACHE, name)) ?? (await makeForThisRun(name));
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    return await makeForThisRun(name);
  }
}

async function makeForThisRun(name: string): Promise<ReadyPackages> {
  const base = path.join(createTemporaryFolder("packages").path, name);
  await make(base);
  const made = read(base);
  if (made === undefined) throw new Error("The packages could not be made ready.");
  return made;
}

function read(base: string): ReadyPackages | undefined {
  const file = `${base}.cjs`;
  try {
    // The list is written last: with it there is all.
    const exports = JSON.parse(readFileSync(`${base}.json`, "utf8")) as ReadyPackages["exports"];
    return existsSync(file) ? { file, exports } : undefined;
  } catch {
    return undefined;
  }
}

async function make(base: string): Promise<void> {
  const lines = NAMES.map(
    (name, at) => `import * as p${at} from "${name}"; export { p${at} as "${name}" };`,
  );
  const { outputFiles } = await runEsbuild({
    // As a module for Node imports them: the default export of a CommonJS package is all of it.
    stdin: { contents: lines.join("\n"), resolveDir: REPOSITORY, sourcefile: "packages.mjs" },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    banner: { js: "(function (exports, require, module) {" },
    footer: { js: "})" },
    plugins: [quickPackages],
    // Most of it is comments, which take time to read.
    minifyWhitespace: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  await writeFileAtomically(`${base}.cjs`, outputFiles[0]?.text ?? "");
  // Without the compiled code it works as well, only slower.
  await promisify(execFile)(process.execPath, [WARM_UP, `${base}.cjs`], {
    cwd: REPOSITORY,
    timeout: WARM_UP_DEADLINE_MS,
  }).catch(() => {});
  const exports: Record<string, string[]> = {};
  for (const name of NAMES) exports[name] = Object.keys((await import(name)) as object);
  await writeFileAtomically(`${base}.json`, JSON.stringify(exports));
}

/** npm writes its list anew whenever it changes what is installed. */
function installationKey(): string {
  const hash = createHash("sha1").update(process.version + process.arch);
  for (const name of [".package-lock.json", ...NAMES.map((each) => `${each}/package.json`)]) {
    const stats = statSync(path.join(MODULES, name), { throwIfNoEntry: false });
    hash.update(`${name}\0${stats?.size}\0${stats?.mtimeMs}\n`);
  }
  for (const source of [
    import.meta.url,
    new URL("./quick-packages.ts", import.meta.url),
    new URL("../host/warm-up.mjs", import.meta.url),
  ]) {
    hash.update(readFileSync(fileURLToPath(source)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function removeOld(current: string): Promise<void> {
  for (const name of await readdir(CACHE)) {
    if (!name.startsWith("packages-") || name.startsWith(current)) continue;
    const file = path.join(CACHE, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > OLD_AFTER_MS) await rm(file, { force: true });
  }
}
