// Bundles TypeScript of the workbook into JavaScript that starts without a loader, once for each
// state of its sources. Plain JavaScript: engine/start.mjs uses it before there is any loader.
import { createHash, randomUUID } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = path.join(ROOT, "node_modules", ".cache", "redis-sessions-workbook");
/** Of what is kept. */
const VERSION = `1 ${process.version}`;
/** A watch that is left open over a weekend loads parts of its bundle late. */
const OLD_AFTER_MS = 7 * 24 * 3_600_000;
/** Bundled too, since they are loaded each time; every other package stays where it is. */
const BUNDLED =
  /^(?:@vitest\/|chai$|tough-cookie$|tldts|pathe$|tinyrainbow$|picocolors$|string-width$|wrap-ansi$|ansi-|strip-ansi$|get-east|emoji-)/;

/**
 * The bundles of some source files, up to date. Undefined where none can be kept: then the caller has
 * the loader to fall back on.
 * @param {readonly string[]} entries absolute paths of the sources; what they share is loaded once
 * @param {string} name of the bundles, for the folder of the cache
 * @returns {Promise<string[] | undefined>} absolute paths of the JavaScript, in the same order
 */
export async function builtFiles(entries, name) {
  const key = createHash("sha1").update(entries.join("\0")).digest("hex").slice(0, 8);
  const list = path.join(CACHE, `${name}-${key}.json`);
  const known = readList(list);
  if (known !== undefined) return known;
  try {
    return await build(entries, name, list);
  } catch (error) {
    // A mistake in the sources is told by the loader, which shows it better; so is a full disk.
    if (error.code === "ERR_MODULE_NOT_FOUND") throw error;
    return undefined;
  }
}

/** The bundle, while every source that went into it is as it was. */
function readList(list) {
  try {
    const { version, files, inputs } = JSON.parse(readFileSync(list, "utf8"));
    if (version !== VERSION) return undefined;
    for (const [input, size, mtimeMs] of inputs) {
      const stats = statSync(path.join(ROOT, input));
      if (stats.size !== size || stats.mtimeMs !== mtimeMs) return undefined;
    }
    for (const file of files) statSync(file);
    return files;
  } catch {
    return undefined;
  }
}

async function build(entries, name, list) {
  const esbuild = await import("esbuild");
  const folder = `${list.slice(0, -".json".length)}-${randomUUID().slice(0, 8)}`;
  const { metafile } = await esbuild.build({
    entryPoints: entries.map((entry, at) => ({ in: entry, out: `entry-${at}` })),
    absWorkingDir: ROOT,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // For the stack of a bug; nothing else reads it.
    sourcemap: "external",
    sourcesContent: false,
    define: PLACES,
    metafile: true,
    logLevel: "silent",
    // What CommonJS modules of the engine need.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    plugins: [{ name: "workbook", setup }],
  });
  const inputs = Object.keys(metafile.inputs).map((input) => {
    const { size, mtimeMs } = statSync(path.join(ROOT, input));
    return [input, size, mtimeMs];
  });
  const files = entries.map((_, at) => path.join(folder, `entry-${at}.mjs`));
  mkdirSync(CACHE, { recursive: true });
  const temporary = `${list}.${randomUUID()}`;
  writeFileSync(temporary, JSON.stringify({ version: VERSION, files, inputs }));
  renameSync(temporary, list);
  removeOld(name, [list, folder]);
  return files;
}

function setup({ onLoad, onResolve }) {
  onResolve({ filter: /^[\w@]/ }, ({ path: name, kind }) =>
    kind === "entry-point" || BUNDLED.test(name) ? undefined : { path: name, external: true },
  );
  // Only where authors work: a copy for learners may lack it.
  onResolve({ filter: /\/tests\/engine\// }, ({ path: file, resolveDir }) => ({
    path: pathToFileURL(path.resolve(resolveDir, file)).href,
    external: true,
  }));
  onLoad({ filter: /\.[mc]?[jt]s$/ }, ({ path: file }) => {
    const source = readFileSync(file, "utf8");
    if (!source.includes("import.meta.") || file.includes("node_modules")) return undefined;
    return { contents: placeInSource(source, file), loader: file.endsWith("ts") ? "ts" : "js" };
  });
}

/** Definitions for the bundler: what `import.meta` says of a source, `placeInSource` has put into it. */
export const PLACES = {
  "import.meta.url": "importMetaUrl",
  "import.meta.filename": "importMetaFilename",
  "import.meta.dirname": "importMetaDirname",
};

/**
 * The text of a module that knows where it lies, for a bundler with the definitions `PLACES`.
 * @param {string} source
 * @param {string} file
 */
export function placeInSource(source, file) {
  if (!source.includes("import.meta.") || source.startsWith("#!")) return source;
  const values = [pathToFileURL(file).href, file, path.dirname(file)];
  const names = Object.values(PLACES).map((name, at) => `${name} = ${JSON.stringify(values[at])}`);
  // In the first line, so that all lines keep their numbers.
  return `var ${names.join(", ")}; ${source}`;
}

/** Those that were made long ago: of older sources, or of a copy of the workbook that may be gone. */
function removeOld(name, current) {
  for (const each of readdirSync(CACHE)) {
    const old = path.join(CACHE, each);
    if (!each.startsWith(`${name}-`) || current.includes(old)) continue;
    const { mtimeMs } = statSync(old, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > OLD_AFTER_MS) rmSync(old, { recursive: true, force: true });
  }
}
