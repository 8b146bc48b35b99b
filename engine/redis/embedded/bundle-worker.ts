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
import { fileURLToPath, pathToFileURL } from "node:url";

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

let unwritten: { key: string; url: Promise<URL> } | undefined;

/**
 * The worker of the embedded Redis as one JavaScript file (workers cannot load TypeScript on
 * Node 20). It is kept under node_modules/.cache, named after the state of the sources; where that
 * folder cannot be written, the answer is a `data:` URL.
 */
export async function bundleWorker(): Promise<URL> {
  const key = sourcesKey();
  const file = path.join(CACHE, `embedded-redis-${key}.mjs`);
  if (existsSync(file)) return pathToFileURL(file);
  if (unwritten?.key === key) return unwritten.url;
  const url = build(file);
  unwritten = { key, url };
  return url;
}

async function build(file: string): Promise<URL> {
  const { build: bundle } = await import("esbuild");
  const result = await bundle({
    entryPoints: [path.join(SOURCES, "worker.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "silent",
  });
  const code = result.outputFiles[0]?.contents;
  if (!code) throw new Error("the bundle of the embedded Redis is empty");
  return keep(file, code) ? pathToFileURL(file) : dataUrl(code);
}

function dataUrl(code: Uint8Array): URL {
  return new URL(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
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
    if (file === current || !name.startsWith("embedded-redis-")) continue;
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
