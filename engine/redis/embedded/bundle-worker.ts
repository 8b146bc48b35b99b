import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const SOURCES = path.dirname(fileURLToPath(import.meta.url));
const CACHE = path.join(
  SOURCES,
  "..",
  "..",
  "..",
  "node_modules",
  ".cache",
  "redis-sessions-workbook",
);
/** Bundles of older sources are removed when they have not been made within this time. */
const OLD_AFTER_MS = 24 * 60 * 60 * 1000;

/** What boot-worker.cjs runs: a file or, where none could be kept, the code itself. */
export type WorkerBundle = { readonly file: string } | { readonly code: string };

let unwritten: { key: string; bundle: Promise<WorkerBundle> } | undefined;

/**
 * The worker of the embedded Redis as one JavaScript file (workers cannot load TypeScript on
 * Node 20). It is kept under node_modules/.cache, named after the state of the sources; where that
 * folder cannot be written, the answer is the code itself.
 */
export async function bundleWorker(): Promise<WorkerBundle> {
  const key = sourcesKey();
  const file = path.join(CACHE, `embedded-redis-${key}.cjs`);
  if (existsSync(file)) return { file };
  if (unwritten?.key === key) return await unwritten.bundle;
  const bundle = build(file);
  unwritten = { key, bundle };
  return await bundle;
}

async function build(file: string): Promise<WorkerBundle> {
  const { build: bundle } = await import("esbuild");
  const result = await bundle({
    entryPoints: [path.join(SOURCES, "worker.ts")],
    bundle: true,
    minify: true,
    format: "cjs",
    // A worker is told by its data where the packages are.
    define: { "import.meta.url": "undefined" },
    platform: "node",
    target: "node20",
    // It is read as Latin-1, which is quickest.
    charset: "ascii",
    write: false,
    logLevel: "silent",
  });
  const code = result.outputFiles[0]?.contents;
  if (!code) throw new Error("the bundle of the embedded Redis is empty");
  return keep(file, code) ? { file } : { code: Buffer.from(code).toString() };
}

/** Written under another name first: a second process may be looking for it at this moment. */
function keep(file: string, code: Uint8Array): boolean {
  const temporary = `${file}.${randomUUID()}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(temporary, code);
    renameSync(temporary, file);
    removeOld(file);
    return true;
  } catch {
    rmSync(temporary, { force: true });
    return existsSync(file);
  }
}

function removeOld(current: string): void {
  for (const name of readdirSync(CACHE)) {
    const file = path.join(CACHE, name);
    if (file.startsWith(current) || !name.startsWith("embedded-redis-")) continue;
    const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > OLD_AFTER_MS) rmSync(file, { force: true });
  }
}

/** Changes with the name, size or time of any source. */
function sourcesKey(): string {
  const hash = createHash("sha1");
  const names = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  for (const name of names.toSorted()) {
    if (!/\.(?:ts|json)$/.test(name)) continue;
    const { size, mtimeMs } = statSync(path.join(SOURCES, name));
    hash.update(`${name}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
